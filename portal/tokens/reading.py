"""Who may read the index: everybody, or on a private instance its members only.

The view option `reading=True` says that a view shows what lies on the index. On a private instance
(`reading = members`) whoever comes is asked who they are before anything is looked up: people by their
session, installers by an API token that may download. Both get the same refusal for what is there and
for what is not, and what they get is kept by no shared cache.

A member is somebody with a confirmed e-mail address: an account alone is made by whoever types a name. Tokens are
given to no others, and the last confirmed address of an account can't be removed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any, Literal

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts import service as accounts
from portal.kernel.causes import ascii_reason
from portal.kernel.errors import Throttled
from portal.kernel.words import _, filled
from portal.signin.errors import MembersNeedCookies
from portal.signin.holds import held_by
from portal.signin.policy import login_path
from portal.tokens import causes, policy
from portal.tokens.answers import refused, retry_after, told
from portal.tokens.errors import TokenRefused, no_download_token

View = Callable[[Any, Any], Any]
Reader = Literal["anyone", "member", "stranger", "limited", "held", "unconfirmed"]
READING: tuple[Reader, ...] = ("anyone", "member")
NOT_SHARED = "private, no-cache"
ASKED_BY = ("Authorization", "Cookie")
KNOWN = frozenset(cause.code for cause in (causes.CANNOT_DOWNLOAD, causes.NARROWED_READER, causes.NO_SECOND_FACTOR))
"""Why a good token opens nothing here. Whoever sends no good one is not known, and asked for one (401)."""
WAIT = _("Too many tokens that do not work came from your network. Try again after ${time}.")


def is_private(request: Any) -> bool:
    """Whether this instance is read by its members only."""
    return bool(request.instance.settings.reading == "members")


def reader(request: Any) -> Reader:
    """Who asks, as far as it decides whether pages of the index are shown to them: only to "anyone" and a "member"."""
    if not is_private(request):
        return "anyone"
    person = request.person
    if person is None:
        return "stranger"
    if person.limited:
        return "limited"
    if held_by(request.work, person.account_id) is not None:
        return "held"
    return "member" if accounts.confirmed_address(request.work, person.account_id) else "unconfirmed"


def may_browse(request: Any) -> bool:
    """Whether this person may see on a page what lies on the index. Where the database can't tell, they may not."""
    try:
        return request.reader in READING
    except SQLAlchemyError:
        return False


def reading_deriver(view: View, info: Any) -> View:
    """Let in whoever may read (see above). A page sends strangers to sign in; an address for programs answers 401."""
    if not info.options.get("reading"):
        return view

    def wrapper(context: Any, request: Any) -> Any:
        if not is_private(request):
            return view(context, request)
        for_programs = request.matched_route.name in request.registry.plain_routes
        refusal = _installer_refused(request) if for_programs else _person_refused(request)
        response = view(context, request) if refusal is None else refusal
        if for_programs:
            response.headers["Cache-Control"] = NOT_SHARED
            response.vary = sorted({*(response.vary or ()), *ASKED_BY})
        return response

    return wrapper


reading_deriver.options = ("reading",)  # type: ignore[attr-defined]


def _person_refused(request: Any) -> Response | None:
    """Where somebody is led who may not read this page now; None: nowhere. Raises MembersNeedCookies below a handle."""
    if request.reader == "stranger":
        return HTTPSeeOther(login_path(request, "members"))
    if request.reader == "limited":
        raise MembersNeedCookies
    if request.reader == "held":
        held = held_by(request.work, request.person.account_id)
        return None if held is None else HTTPSeeOther(request.page_path(held.route))
    if request.reader == "unconfirmed":
        request.response.status_int = 403
        response: Response = request.render("tokens/address_needed.pt", {})
        return response
    return None


def _installer_refused(request: Any) -> Response | None:
    if "Authorization" not in request.headers:
        return None if may_browse(request) else refused(request, no_download_token())
    request.work.settle()
    try:
        policy.admit_reader(request.work, request.headers.get("Authorization"))
    except TokenRefused as refusal:
        return refused(request, refusal, status=403 if refusal.code in KNOWN else 401)
    except Throttled as throttled:
        if throttled.until is None:
            raise
        time = throttled.until.astimezone(UTC).strftime("%H:%M:%S UTC")
        sentence = filled(WAIT, {"time": time})
        answer = told(request, sentence, status=429, reason=ascii_reason(sentence))
        return retry_after(answer, throttled.until, request.instance.clock.now())
    return None
