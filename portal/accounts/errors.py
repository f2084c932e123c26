"""What this domain refuses."""

from __future__ import annotations

from portal.kernel.errors import Conflict, Gone, NotFound, Refused


class UsernameTaken(Conflict):
    """An account of this name exists, or the name is reserved."""


class AddressTaken(Conflict):
    """Another account has confirmed this e-mail address."""


class RegistrationClosed(Refused):
    """Nobody can register here, or only with an invitation."""


class TicketExpired(Gone):
    """The time of the link is over."""


class TicketUsed(Gone):
    """The link has done what it was for."""


class AccountOver(NotFound):
    """The account was closed before the request of its owner was done."""


class CredentialsChanged(Conflict):
    """The password was changed meanwhile, by somebody else or in another tab."""


class AddressListed(Conflict):
    """The account has this address already."""


class AddressUnconfirmed(Conflict):
    """Only a confirmed address can be the primary one."""


class AddressIsPrimary(Conflict):
    """The primary address can't be removed."""


class AddressesChanged(Conflict):
    """The addresses were changed at the same instant in another way."""


class TooManyAddresses(Conflict):
    """The account has as many addresses as it may have: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class LastAdministrator(Refused):
    """Nobody would administer this index any more."""


class AlreadyAdministrator(Conflict):
    """The account administers this index already."""


class NoAdministrator(Conflict):
    """The account does not administer this index."""


class NotOpen(Refused):
    """The person has closed the account."""
