"""Letters about ways into an account: second factors, new places, closed ways."""

from __future__ import annotations

from portal.factors.totp.events import AuthenticatorRemoved
from portal.kernel.work import Work
from portal.notices.telling import tell


def authenticator_removed(work: Work, event: AuthenticatorRemoved) -> None:
    """To every confirmed address: a second factor no longer counts, and what follows where it was the last."""
    tell(work, event, "authenticator_removed", name=event.name, last=event.last)


SUBSCRIBERS = ((AuthenticatorRemoved, authenticator_removed),)
