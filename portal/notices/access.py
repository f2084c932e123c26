"""Letters about ways into an account: second factors, new places, closed ways."""

from __future__ import annotations

from portal.accounts import tickets
from portal.factors.totp.events import AuthenticatorRemoved
from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import tell
from portal.signin.events import CodeWayClosed, WayClosed


def authenticator_removed(work: Work, event: AuthenticatorRemoved) -> None:
    """To every confirmed address: a second factor no longer counts, and what follows where it was the last."""
    tell(work, event, "authenticator_removed", name=event.name, last=event.last)


def way_closed(work: Work, event: WayClosed) -> None:
    """To every confirmed address: strangers have to wait, with the link that lifts it."""
    lift = link(work.settings, "signin.lift_wait", ticket=event.ticket)
    until = tickets.find(work, tickets.Purpose.LIFT_WAIT, event.ticket).expires_at
    tell(work, event, "way_closed", codes=isinstance(event, CodeWayClosed), lift=lift, until=until)


SUBSCRIBERS = (
    (AuthenticatorRemoved, authenticator_removed),
    (WayClosed, way_closed),
)
