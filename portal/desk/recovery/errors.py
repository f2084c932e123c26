"""Why an account can't be recovered."""

from __future__ import annotations

from datetime import datetime

from portal.kernel.errors import Conflict, Refused


class NotRecoverable(Refused):
    """Base: nothing is started."""


class NotAdministrator(NotRecoverable):
    """Only administrators start and approve recoveries, as long as their accounts are open."""


class OwnAccount(NotRecoverable):
    """Nobody recovers themselves, or approves what they started."""


class NobodyApproves(NotRecoverable):
    """An administrator's account, and there is no third administrator: only the operator can start this."""


class NothingLost(NotRecoverable):
    """The account has no second factor: a new password is all that it needs."""


class NoWay(NotRecoverable):
    """The account has no confirmed primary address for the link."""


class NotOpen(NotRecoverable):
    """The account is closed."""


class ChangedLately(NotRecoverable):
    """Password or addresses were changed a short time ago; `until` is when that is long enough ago."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class UnderWay(Conflict):
    """A recovery of this account is open already."""


class NotUnderWay(Conflict):
    """It is not in the state any more in which this could be done."""
