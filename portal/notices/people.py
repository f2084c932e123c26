"""Letters about a person's account: passwords, addresses, invitations."""

from __future__ import annotations

from portal.accounts.events import PasswordChanged, PasswordReset
from portal.kernel.work import Work
from portal.notices.telling import tell


def password_changed(work: Work, event: PasswordChanged) -> None:
    """To every confirmed address: there is a new password, and what ended with the old one."""
    reset = isinstance(event, PasswordReset)
    tell(work, event, "password_changed", reset=reset, ended=event.end_sessions, revoked=event.revoke_tokens)


SUBSCRIBERS = ((PasswordChanged, password_changed),)
