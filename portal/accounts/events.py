"""What can happen to an account."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event, transient
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class Registered(Event):
    """An account was made. Its letter goes to `email`.

    `already_registered`: another account has confirmed that address, so its letter says so, names
    that account's person and carries no link.
    """

    kind = "account.registered"
    sentence = _("Account ${username} registered")

    username: str
    email: str = transient()
    ticket: str = transient()
    already_registered: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class FirstAdministratorRegistered(Registered):
    """The first administrator's account was made with the link that the server gave out."""

    kind = "account.first_administrator"
    sentence = _("Account ${username} registered as the first administrator")


@dataclass(frozen=True, kw_only=True)
class ConfirmationRequested(Event):
    """The letter that confirms an address was asked for again. Its fields are those of `Registered`."""

    kind = "address.confirmation_requested"
    sentence = _("New letter to confirm an e-mail address requested")

    username: str = transient()
    email: str = transient()
    ticket: str = transient()
    already_registered: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class AddressConfirmed(Event):
    """An address was proven to reach the person."""

    kind = "address.confirmed"
    sentence = _("E-mail address confirmed")


@dataclass(frozen=True, kw_only=True)
class ConfirmationRefused(Event):
    """Somebody who has the link of a letter gave a wrong password."""

    kind = "address.confirmation_refused"
    sentence = _("E-mail address not confirmed: wrong password")
