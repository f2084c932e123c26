"""Letters about ways into an account: second factors, new places, closed ways."""

from __future__ import annotations

from portal.accounts import tickets
from portal.desk.events import EverythingEnded
from portal.factors.totp.events import AuthenticatorRemoved
from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import tell
from portal.signin.events import CodeWayClosed, NewPlace, SessionEndedByFailures, SessionPassedOn, WayClosed


def authenticator_removed(work: Work, event: AuthenticatorRemoved) -> None:
    """To every confirmed address: a second factor no longer counts, and what follows where it was the last."""
    tell(work, event, "authenticator_removed", name=event.name, last=event.last)


def way_closed(work: Work, event: WayClosed) -> None:
    """To every confirmed address: strangers have to wait, with the link that lifts it."""
    lift = link(work.settings, "signin.lift_wait", ticket=event.ticket)
    until = tickets.find(work, tickets.Purpose.LIFT_WAIT, event.ticket).expires_at
    tell(work, event, "way_closed", codes=isinstance(event, CodeWayClosed), lift=lift, until=until)


def new_place(work: Work, event: NewPlace) -> None:
    """To every confirmed address: a sign-in from a place never seen before, with the link for "this was not me"."""
    if not event.ticket:
        return
    not_me = link(work.settings, "desk.not_me", ticket=event.ticket)
    until = tickets.find(work, tickets.Purpose.NOT_ME, event.ticket).expires_at
    tell(work, event, "new_place", not_me=not_me, until=until)


def session_failed(work: Work, event: SessionEndedByFailures) -> None:
    """To every confirmed address: somebody with the address of a session guessed passwords or codes."""
    tell(work, event, "session_failed")


def session_passed_on(work: Work, event: SessionPassedOn) -> None:
    """To every confirmed address: the address of a session was in two browsers, and the session is over."""
    tell(work, event, "session_passed_on")


def everything_ended(work: Work, event: EverythingEnded) -> None:
    """To every confirmed address: there is a new password, everybody was shut out, and what to look at next."""
    tell(work, event, "everything_ended")


SUBSCRIBERS = (
    (AuthenticatorRemoved, authenticator_removed),
    (WayClosed, way_closed),
    (NewPlace, new_place),
    (SessionEndedByFailures, session_failed),
    (SessionPassedOn, session_passed_on),
    (EverythingEnded, everything_ended),
)
