"""Why a second factor can't be set up as asked."""

from __future__ import annotations

from portal.kernel.errors import Conflict, Invalid, Refused


class AddressNeeded(Refused):
    """The account has no confirmed address, so there would be no way back in."""


class TooMany(Refused):
    """The account has as many authenticator apps as it may."""


class NameTaken(Conflict):
    """Another authenticator app of the account has this name."""


class SetupOutdated(Conflict):
    """The account's second factors have changed since this set-up began."""


class WrongCode(Invalid):
    """The code does not fit the key. `minutes_off` is set where a wrong clock explains it; negative is behind."""

    def __init__(self, minutes_off: int | None) -> None:
        super().__init__(minutes_off)
        self.minutes_off = minutes_off


class LastFactor(Refused):
    """The policy of this index asks for a second factor, and this is the account's last."""
