"""What can happen to an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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

    email: str = transient()


@dataclass(frozen=True, kw_only=True)
class ConfirmationRefused(Event):
    """Somebody who has the link of a letter gave a wrong password."""

    kind = "address.confirmation_refused"
    sentence = _("E-mail address not confirmed: wrong password")


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """There is a new password. `session_id` is the session in which that was done: it goes on whatever else ends."""

    kind = "password.changed"
    sentence = _("Password changed")

    end_sessions: bool
    revoke_tokens: bool
    session_id: UUID | None = transient(default=None)  # noqa: RUF009 - a field, made by our own helper


@dataclass(frozen=True, kw_only=True)
class PasswordReset(PasswordChanged):
    """There is a new password, chosen with a link. `told_apart`: the letter about another event tells of it."""

    kind = "password.reset"
    sentence = _("Password reset with a link sent by e-mail")

    told_apart: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class ResetRequested(Event):
    """Somebody asked for a letter to choose a new password; it goes to `email`, a confirmed address."""

    kind = "password.reset_requested"
    sentence = _("Letter to choose a new password requested")

    email: str = transient()
    ticket: str = transient()


@dataclass(frozen=True, kw_only=True)
class AddressAdded(ConfirmationRequested):
    """A further address was given, or another in place of one that was never confirmed. Its letter confirms it."""

    kind = "address.added"
    sentence = _("E-mail address added")


@dataclass(frozen=True, kw_only=True)
class PrimaryAddressChanged(Event):
    """Another confirmed address, `email`, is the primary one now."""

    kind = "address.primary_changed"
    sentence = _("Primary e-mail address changed")

    email: str = transient()


@dataclass(frozen=True, kw_only=True)
class AddressRemoved(Event):
    """The account has an address less: `email`."""

    kind = "address.removed"
    sentence = _("E-mail address removed")

    email: str = transient()
    was_confirmed: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class LanguageChosen(Event):
    """Pages and letters are in this language (BCP 47) from now on."""

    kind = "account.language_chosen"
    sentence = _("Language changed to ${language}")

    language: str


@dataclass(frozen=True, kw_only=True)
class LanguageLeftToBrowser(Event):
    """Pages are in the language that the browser asks for, letters in the usual one of the instance."""

    kind = "account.language_left_to_browser"
    sentence = _("Language left to the browser")


@dataclass(frozen=True, kw_only=True)
class InvitationSent(Event):
    """Somebody was invited to register; the letter goes to `email`, in the language `locale` if there is one.

    It stands in nobody's history yet.
    """

    kind = "account.invited"
    sentence = _("Invitation to register sent")

    email: str = transient()
    ticket: str = transient()
    until: datetime | None = transient(default=None)  # noqa: RUF009 - a field, made by our own helper
    locale: str = transient()


@dataclass(frozen=True, kw_only=True)
class RegisteredByInvitation(Event):
    """An account was made with the link of an invitation, which confirmed its address as well."""

    kind = "account.registered_by_invitation"
    sentence = _("Account ${username} registered by invitation")

    username: str


@dataclass(frozen=True, kw_only=True)
class AdministratorMade(Event):
    """The operator of the server made somebody an administrator."""

    kind = "account.administrator_made"
    sentence = _("Account ${username} made an administrator of this index")

    username: str


@dataclass(frozen=True, kw_only=True)
class AdministratorRemoved(Event):
    """The operator of the server took an administrator's rights away."""

    kind = "account.administrator_removed"
    sentence = _("Account ${username} is no longer an administrator of this index")

    username: str
