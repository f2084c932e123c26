"""One page a family of errors, in our own words, layout and language."""

from __future__ import annotations

import logging
import math
import secrets
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from pyramid.exceptions import URLDecodeError
from pyramid.httpexceptions import HTTPException, HTTPMethodNotAllowed, HTTPMovedPermanently
from pyramid.interfaces import IRoutesMapper
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.tweens import EXCVIEW

from portal.kernel import errors
from portal.kernel.words import filled
from portal.web.gate import ForeignOrigin
from portal.web.problems import (
    EXHAUSTED,
    FOREIGN,
    FOREIGN_HOST,
    NEEDS_COOKIES,
    PROBLEMS,
    SIGNED_OUT,
    STALE,
    UPLOADS_CLOSED,
    Problem,
)
from portal.web.routes import PREFIXED
from portal.web.tokens import StaleForm

log = logging.getLogger("doorward.errors")

PROBLEM = "doorward.problem"
"""Environ key: the status of an error that was found before the application was asked."""


ADMIN = "/admin/"

FAMILIES: dict[type[Exception], int] = {
    errors.NotFound: 404,
    errors.Refused: 403,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.Invalid: 400,
    errors.Throttled: 429,
    errors.Unavailable: 503,
}


def answer(request: Any, problem: Problem, *, until: datetime | None = None, reference: str | None = None) -> Response:
    """The page of one problem, which is over at `until`; where programs speak, their words.

    `registry.problem_answers` maps the paths of programs to functions (request, status, reference) that return an
    answer, or None for a request that is a person's after all. No link is built from the path, which may be unreadable.
    """
    speaker = request.registry.problem_answers.get(request.environ.get("PATH_INFO", ""))
    said: Response | None = speaker(request, problem.status, reference) if speaker else None
    return said or _page(request, problem, until, reference)


def _page(request: Any, problem: Problem, until: datetime | None, reference: str | None) -> Response:
    values = {
        "status": problem.status,
        "headline": problem.headline,
        "explanation": problem.explanation,
        "advice": [problem.advice],
        "until": until,
        "now": request.instance.clock.now(),
        "back": request.form_page() if problem.leads_back else None,
        "forgotten": problem.reminds and request.person is None,
        "reference": reference,
        "entrance": request.links("entrance")[:1] if problem.signs_in else [],
    }
    request.response.status_int = problem.status
    response: Response = request.render("errors/problem.pt", values)
    if until is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil((until - values["now"]).total_seconds())))
    return response


def family_view(error: Any, request: Any) -> Response:
    """The page of a refusal that the product decided."""
    until = getattr(error, "until", None)
    problem = _problem_of(error)
    if isinstance(error, errors.NotFound) and _is_limited_administrator(request):
        problem = replace(NEEDS_COOKIES, status=problem.status)
    return answer(request, problem, until=until)


def _is_limited_administrator(request: Any) -> bool:
    """Whether an administrator looks for their pages where there are none: without cookies."""
    at_admin = request.environ.get("PATH_INFO", "").startswith(ADMIN)
    return bool(at_admin and request.limited and request.person.is_admin)


def _problem_of(error: Any) -> Problem:
    if isinstance(error, StaleForm):
        return STALE
    if isinstance(error, ForeignOrigin):
        return FOREIGN
    if isinstance(error, errors.Throttled) and error.until is None:
        return EXHAUSTED
    return PROBLEMS[next(status for family, status in FAMILIES.items() if isinstance(error, family))]


def http_view(error: HTTPException, request: Any) -> Response:
    """The page of a refusal by the framework; redirects pass."""
    if error.status_int < 400:
        return error
    response = answer(request, PROBLEMS.get(error.status_int, PROBLEMS[400]))
    if isinstance(error, HTTPMethodNotAllowed):
        response.headers["Allow"] = error.headers["Allow"]
    return response


def not_found_view(error: Any, request: Any) -> Response:
    """404, or a permanent redirect to the same address with a slash where only that exists."""
    path = request.environ.get("PATH_INFO", "")
    if request.method in {"GET", "HEAD"} and not path.endswith("/") and _exists(request, path + "/"):
        query = request.environ.get("QUERY_STRING", "")
        return HTTPMovedPermanently(request.path + "/" + (f"?{query}" if query else ""))
    return answer(request, PROBLEMS[404])


def _exists(request: Any, path: str) -> bool:
    """Whether there is something at this path: below a language or a handle, a page."""
    asked = request.copy_get()
    asked.environ["PATH_INFO"] = path
    route = request.registry.getUtility(IRoutesMapper)(asked)["route"]
    return route is not None and (route.name in request.registry.page_routes or not request.environ.get(PREFIXED))


def crash_view(error: Exception, request: Any) -> Response:
    """500: the place goes to the log under a reference, the page names only the reference.

    The message of the exception is left out: a template's, for one, lists the values of its variables.
    """
    reference = secrets.token_hex(4)
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("error %s: %s\n%s", reference, type(error).__name__, frames)
    return answer(request, PROBLEMS[500], reference=reference)


def render(request: Any, template: str, values: dict[str, Any]) -> Response:
    """A template as the response of this request, with the status set on `request.response`."""
    return render_to_response(template, values, request=request, response=request.response)


def includeme(config: Any) -> None:
    """Add one exception view a family."""
    config.add_request_method(render)
    config.registry.problem_answers = {}
    config.add_tween(
        "portal.web.errors.problem_tween_factory", under=EXCVIEW, over="portal.web.gate.input_gate_factory"
    )
    views = [(family, family_view) for family in FAMILIES]
    views += [(HTTPException, http_view), (URLDecodeError, bad_path_view), (Exception, crash_view)]
    for context, view in views:
        config.add_exception_view(view, context=context, access="anyone")
    config.add_notfound_view(not_found_view, access="anyone")


def problem_tween_factory(handler: Callable[[Any], Any], registry: Any) -> Callable[[Any], Any]:
    """Answer for the server an error that was found before routing."""

    def problem_tween(request: Any) -> Any:
        status = request.environ.get(PROBLEM)
        return handler(request) if status is None else answer(request, _found_early(request, status))

    return problem_tween


def _found_early(request: Any, status: int) -> Problem:
    """What is said of such an error. Who took another name of this machine is told where the index is."""
    settings = request.instance.settings
    if status == FOREIGN_HOST.status and request.environ.get("HTTP_HOST", "") not in {"", settings.host}:
        return replace(FOREIGN_HOST, advice=filled(FOREIGN_HOST.advice, {"address": f"{settings.base_url}/"}))
    if status == SIGNED_OUT.status:
        return SIGNED_OUT if settings.takes_uploads else UPLOADS_CLOSED
    return PROBLEMS[status]


def bad_path_view(error: URLDecodeError, request: Any) -> Response:
    """400 for a path that is no UTF-8."""
    return answer(request, PROBLEMS[400])


__all__ = ["PROBLEM", "PROBLEMS", "Problem", "answer", "includeme"]
