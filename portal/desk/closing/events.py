"""What can happen to an account that its person closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.audit.events import Event
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """The person closed the account. Until `until` they may keep it after all."""

    kind = "account.closed"
    sentence = _("Account closed. All sessions ended, all API tokens revoked.")

    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AccountKept(Event):
    """The person changed their mind in time."""

    kind = "account.kept"
    sentence = _("Account kept after it had been closed")


@dataclass(frozen=True, kw_only=True)
class ClosingCalledOff(Event):
    """The end had come, but meanwhile nobody else owns `projects` any more, so the account goes on."""

    kind = "account.closing_called_off"
    sentence = _("Account not closed, because nobody else owns: ${projects}")

    projects: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AccountEmptied(Event):
    """Nothing is left of the account but its name. The letter is written before the addresses are deleted."""

    kind = "account.emptied"
    sentence = _("Account ${username} closed for good, its personal data deleted")

    username: str
