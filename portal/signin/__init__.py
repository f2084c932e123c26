"""Sign in and out, live sessions in both modes, "confirm it is you"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.errors import AccountOver
from portal.accounts.events import PasswordChanged, PasswordReset
from portal.kernel.errors import DoorwardError
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Instance, Work
from portal.signin import closed, others, sessions, steps
from portal.signin.begin import renew_session
from portal.signin.errors import MembersNeedCookies, NeedsCookies, NoSession, SessionOver
from portal.signin.options import access_deriver, confirm_deriver, visit_deriver
from portal.signin.policy import Person, login_path, visit
from portal.signin.tween import kept_result
from portal.web.errors import answer
from portal.web.problems import MEMBERS_NEED_COOKIES, NEEDS_COOKIES, NOBODY
from portal.web.requests import HANDLE


def includeme(config: Any) -> None:
    """Add routes, view options, the tween, and what a request knows of its person."""
    config.add_page_route("signin.login", "/account/login/")
    config.add_page_route("signin.limited", "/account/login/limited/")
    config.add_page_route("signin.confirm", "/account/confirm/")
    config.add_page_route("signin.logout", "/account/logout/")
    config.add_page_route("signin.signed_out", "/account/signed-out/")
    config.add_page_route("signin.sessions", "/manage/account/sessions/")
    config.add_page_route("signin.end_session", "/manage/account/sessions/end/")
    config.add_page_route("signin.lift_wait", "/account/lift-wait/{ticket}/")
    config.add_plain_route("signin.clear", "/account/signed-out/clear.css")
    _add_request_parts(config)
    config.add_view_deriver(visit_deriver, "visit", under="methods", over="origin")
    config.add_view_deriver(access_deriver, "access", under="origin", over="secured_view")
    config.add_view_deriver(confirm_deriver, "confirm", under="access", over="secured_view")
    config.add_tween(
        "portal.signin.tween.session_tween_factory", under="portal.web.transaction.transaction_tween_factory"
    )
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=1))
    config.add_exception_view(no_session_view, context=NoSession, access="anyone")
    for over in (SessionOver, AccountOver):
        config.add_exception_view(over_view, context=over, access="anyone")
    config.add_exception_view(needs_cookies_view, context=NeedsCookies, access="anyone")
    config.add_exception_view(members_need_cookies_view, context=MembersNeedCookies, access="anyone")
    add_sweep(config.registry.instance, closed.tell_all, every=timedelta(seconds=10))
    config.subscribe_event(PasswordChanged, end_with_password)
    config.subscribe_event(PasswordReset, lift_with_reset)
    config.scan(".views")


def end_with_password(work: Work, event: PasswordChanged) -> None:
    """End the person's other sessions where they wanted that with their new password."""
    if event.end_sessions and event.account_id is not None:
        others.end_all(work, event.account_id, but=event.session_id)


def lift_with_reset(work: Work, event: PasswordReset) -> None:
    """Let the person try the new password at once, however often the old one was guessed, and codes beside it."""
    if event.account_id is not None:
        closed.lift_with_reset(work, event.account_id)


def _add_request_parts(config: Any) -> None:
    config.add_request_method(visit, reify=True)
    config.add_request_method(person, reify=True)
    config.add_request_method(kept_result, reify=True)
    config.add_request_method(lambda request: {}, "new_cookies", reify=True)
    config.add_request_method(lambda request: False, "renews_cookie", reify=True)
    config.add_request_method(renew_session)
    config.registry.session_key = session_key
    config.registry.earlier_keys = earlier_keys
    config.registry.limited = lambda request: bool(request.person and request.person.limited)


def person(request: Any) -> Person | None:
    """Who is signed in; nobody where that can't be known, because error pages must still be shown.

    Nor for an error that was found before it was asked where a page below a handle was opened from.
    """
    if HANDLE in request.environ:
        return None
    try:
        found: Person | None = request.visit.person
    except (DoorwardError, SQLAlchemyError):
        return None
    return found


def no_session_view(error: NoSession, request: Any) -> Any:
    """The page below a handle that stands for nobody: the same whether it ever stood for somebody."""
    return answer(request, NOBODY)


def over_view(error: SessionOver | AccountOver, request: Any) -> Any:
    """Off to sign in, whose session or account ended while their form was under way: nothing was done with it."""
    return HTTPSeeOther(login_path(request, "ended"))


def needs_cookies_view(error: NeedsCookies, request: Any) -> Any:
    """What an administrator in limited mode is told."""
    return answer(request, NEEDS_COOKIES)


def members_need_cookies_view(error: MembersNeedCookies, request: Any) -> Any:
    """What a member in limited mode is told who wants to see what lies on the index."""
    return answer(request, MEMBERS_NEED_COOKIES)


def session_key(request: Any) -> str:
    """What form tokens are bound to: the session, also one that is over, so that its last form can be kept."""
    try:
        session = request.visit.session
    except (DoorwardError, SQLAlchemyError):
        return ""
    return str(session.id) if session else ""


def earlier_keys(request: Any) -> list[str]:
    """What the forms were bound to that the person who is signed in may have opened before: their sessions, or none."""
    signed_in: Person | None = request.person
    return ["", *map(str, others.known_sessions(request.work, signed_in.account_id))] if signed_in else []


def sweep(instance: Instance) -> None:
    """Drop sessions and half-made sign-ins whose time is long over."""
    with instance.work() as work:
        sessions.forget_old(work)
        steps.forget_old(work)
