"""Around every view: what a handle may do before routing, and what an answer leaves behind.

It lies under the transaction tween: cookies and kept results belong to answers that are committed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.errors import Refused
from portal.signin import sessions
from portal.signin.begin import is_ours
from portal.signin.cookies import SESSION, give_cookie, write_cookies
from portal.signin.errors import NoSession
from portal.signin.forms import ReturnForm
from portal.signin.gates import ConfirmGate
from portal.signin.models import Asker, Session
from portal.signin.policy import (
    HANDLE_FIELD,
    Person,
    Visit,
    came_from_outside,
    displace,
    is_elsewhere,
    login_path,
)
from portal.web.requests import HANDLE, LOCALE, SAFE, plain_path


def session_tween_factory(handler: Callable[[Any], Any], registry: Any) -> Callable[[Any], Any]:
    """Ask below a handle, then answer, then remember."""

    def session_tween(request: Any) -> Any:
        asked = below_handle(request) if HANDLE in request.environ else None
        response = asked or handler(request)
        remember(request, response)
        return response

    return session_tween


def below_handle(request: Any) -> Any:
    """Decide about a request whose path carries a handle: None lets it pass.

    Raises NoSession for a handle that is unknown or ended, whoever is signed in beside it with a
    cookie, and Refused for anything but reading: forms are sent to addresses without a handle.
    """
    visit: Visit = request.visit
    session, person = visit.by_handle, visit.person
    if request.method not in SAFE:
        raise Refused
    if person is None or not person.limited:
        leave_handle(request)
    if session is None or session.ended_at is not None:
        raise NoSession
    if visit.displaced is not None:
        displace(request)
        return HTTPSeeOther(plain_path(request))
    if person is None or not person.limited:
        return HTTPSeeOther(login_path(request))
    watch(request, session)
    if came_from_outside(request, session) or is_elsewhere(request, session):
        return ask_again(request, person, session)
    request.person = person
    return None


def watch(request: Any, session: Session) -> None:
    """Note who else has the address; end the session where it is used on after another browser had it.

    Raises NoSession then. Another network alone is noted only: addresses of honest people change.
    """
    elsewhere = is_elsewhere(request, session)
    stale = not sessions.is_current(session, request.environ[HANDLE])
    if stale or not (elsewhere or session.asked_from == Asker.BROWSER):
        return
    same_browser = request.work.actor.browser == session.browser
    request.work.settle()
    with request.work.apart() as apart:
        if elsewhere:
            sessions.note_asker(apart, session, Asker.NETWORK if same_browser else Asker.BROWSER)
        else:
            sessions.end_passed_on(apart, session)
    if not elsewhere:
        leave_handle(request)
        raise NoSession


def leave_handle(request: Any) -> None:
    """Let the links of this answer forget a handle that stands for nobody any more."""
    del request.environ[HANDLE]
    request.environ["SCRIPT_NAME"] = "/" + request.environ[LOCALE] if request.environ.get(LOCALE) else ""


def ask_again(request: Any, person: Person, session: Session) -> Any:
    """The page that asks who this is before a page below a handle is shown; it leads back to that page, if any."""
    request.hidden[HANDLE_FIELD] = request.visit.handle
    request.gates.append(ConfirmGate(request, person, "either", "signin.confirm"))
    elsewhere = is_elsewhere(request, session)
    # Whoever opened this is not known yet: the layout shows nobody's menu.
    request.person = None
    request.response.status_int = 403
    request.asks = True
    wanted = plain_path(request)
    why = {"elsewhere": elsewhere, "outside": not elsewhere, "returns": is_ours(request, wanted)}
    return request.render("signin/confirm.pt", {"form": ReturnForm(data={"next": wanted}), **why})


def remember(request: Any, response: Any) -> None:
    """Write cookies, keep results for the next page, and note that the session is in use."""
    person = request.__dict__.get("person")
    if person is not None and request.renews_cookie:
        # Only now, with the answer made: were it lost, the browser would be left with the old secret.
        give_cookie(request, SESSION, sessions.replace_secret(request.work, person.session))
    write_cookies(request, response)
    if person is None:
        return
    if request.results and 300 <= response.status_int < 400:
        sessions.keep_results(request.work, person.session_id, request.results)
    if request.method != "HEAD" and not is_prefetch(request):
        sessions.touch(request.work, person.session, writing=request.method not in SAFE)


def is_prefetch(request: Any) -> bool:
    """Whether the browser fetches the page before anybody wants to see it."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def kept_result(request: Any) -> list[Any]:
    """The sentences about the last action, for the title and the top of this page."""
    if request.results or request.method != "GET" or request.person is None or is_prefetch(request):
        return list(request.results)
    return sessions.take_results(request.work, request.person.session)
