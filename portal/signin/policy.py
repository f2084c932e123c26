"""Who is asking: the session of a request, found by cookie or by handle.

The cookie wins over a handle of the same person, and the handle ends; for two people neither acts.
A cookie session is never made from a handle.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.accounts import service as accounts
from portal.kernel.work import Actor
from portal.signin import sessions
from portal.signin.cookies import SESSION, read_cookie
from portal.signin.errors import TwoAccounts
from portal.signin.models import Mode, Session
from portal.web.masking import mask_network
from portal.web.requests import HANDLE, SAFE, plain_path

HANDLE_FIELD = "_handle"
READS_HANDLE = "doorward.reads_handle"
"""Environ key, set by the view option: the body of this route may carry a handle."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Person:
    """Somebody signed in."""

    account_id: UUID
    username: str
    is_admin: bool
    locale: str | None
    session: Session

    @property
    def session_id(self) -> UUID:
        """The row of the session."""
        return self.session.id

    @property
    def limited(self) -> bool:
        """Whether the session is one without cookies."""
        return self.session.mode == Mode.LIMITED


@dataclass(frozen=True)
class Visit:
    """What a request carried. `session` may be over; `person` is set only while it is live.

    `by_handle`: the session of the handle, also where the cookie won. `displaced`: a live handle came
    together with a cookie of the same person.
    """

    session: Session | None = None
    person: Person | None = None
    handle: str = ""
    by_handle: Session | None = None
    displaced: Session | None = None


def handle_of(request: Any) -> str:
    """The handle of the path, or of the body where the view reads one; none where limited mode is switched off."""
    if not request.instance.settings.limited_mode:
        return ""
    if found := request.environ.get(HANDLE):
        return str(found)
    if request.method != "POST" or request.content_type != FORM or not request.environ.get(READS_HANDLE):
        return ""
    return str(request.POST.get(HANDLE_FIELD, ""))


def visit(request: Any) -> Visit:
    """Find the session of a request. Raises TwoAccounts."""
    secret, handle = read_cookie(request, SESSION), handle_of(request)
    if not secret and not handle:
        return Visit()
    work, reading = request.work, request.method in SAFE
    by_cookie = sessions.find(work, secret, Mode.COOKIE, reading=reading) if secret else None
    by_handle = sessions.find(work, handle, Mode.LIMITED, reading=reading) if handle else None
    cookie_lives = by_cookie is not None and sessions.is_live(work, by_cookie)
    handle_lives = by_handle is not None and sessions.is_live(work, by_handle)
    displaced = None
    if by_cookie and by_handle and cookie_lives and handle_lives:
        if not hmac.compare_digest(by_cookie.account_id.bytes, by_handle.account_id.bytes):
            raise TwoAccounts
        displaced = by_handle
    session = by_cookie if cookie_lives or (by_cookie and not handle_lives) else by_handle
    if session is None:
        return Visit(handle=handle)
    live = cookie_lives or handle_lives
    person = _person(request, session) if live else None
    return Visit(session, person, handle if session.mode == Mode.LIMITED else "", by_handle, displaced)


def _person(request: Any, session: Session) -> Person:
    account = accounts.find(request.work, session.account_id)
    return Person(account.id, account.username, account.is_admin, account.locale, session)


def become(request: Any, person: Person | None) -> None:
    """Let the rest of the request act as this person."""
    request.person = person
    old = request.work.actor
    if person is not None:
        request.work = request.work.acting_as(
            Actor(person.account_id, person.username, old.address, old.browser, person.locale or old.locale)
        )


def displace(request: Any) -> None:
    """End a handle that came together with a cookie of the same person, whatever becomes of this request."""
    if request.visit.displaced is not None:
        request.work.settle()
        with request.work.apart() as apart:
            sessions.displace(apart, request.visit.displaced)


def is_elsewhere(request: Any, session: Session) -> bool:
    """Whether network or browser differ from those of the last sign-in or confirmation."""
    actor = request.work.actor
    return mask_network(actor.address) != mask_network(session.address) or actor.browser != session.browser


def came_from_outside(request: Any, session: Session) -> bool:
    """Whether the browser says that this page was opened from outside: pasted, bookmarked, embedded, shared."""
    site, dest = request.headers.get("Sec-Fetch-Site"), request.headers.get("Sec-Fetch-Dest")
    if site is None:
        return bool(session.tells_site)
    return site != "same-origin" or dest not in {None, "document"}


def require_live(request: Any) -> None:
    """Raise SessionOver if this session has ended since the request began (`sessions.require_standing`)."""
    sessions.require_standing(request.work, request.person.session)


def login_path(request: Any, why: str = "") -> str:
    """The sign-in page that leads back to this one; the handle, if any, is left behind.

    It says `why` ("members": nobody else reads this index), or, before that, that the session of this browser has
    run out by time, or was ended somewhere else.
    """
    session = request.visit.session
    if session is not None and request.visit.person is None:
        why = "late" if session.ended_at is None else "ended"
    query = {"next": plain_path(request)} | ({why: "1"} if why else {})
    path: str = request.action_path("signin.login", _query=query)
    return path
