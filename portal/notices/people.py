"""Letters about a person's account: passwords, addresses, invitations."""

from __future__ import annotations

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.events import (
    AddressAdded,
    AddressConfirmed,
    AddressRemoved,
    InvitationSent,
    PasswordChanged,
    PasswordReset,
    PrimaryAddressChanged,
    ResetRequested,
)
from portal.accounts.names import email_key
from portal.kernel.work import Work
from portal.notices import service
from portal.notices.paths import link
from portal.notices.telling import account_of, language_of, tell

AddressChange = AddressAdded | AddressConfirmed | PrimaryAddressChanged | AddressRemoved


def password_changed(work: Work, event: PasswordChanged) -> None:
    """To every confirmed address: there is a new password, and what ended with the old one.

    Where another event of the same instant tells more, its letter says this as well.
    """
    reset = isinstance(event, PasswordReset)
    if isinstance(event, PasswordReset) and event.told_apart:
        return
    tell(work, event, "password_changed", reset=reset, ended=event.end_sessions, revoked=event.revoke_tokens)


def reset_password(work: Work, event: ResetRequested) -> None:
    """To the address that was meant: the link behind which a new password is chosen."""
    choose = link(work.settings, "accounts.reset_password", ticket=event.ticket)
    until = tickets.find(work, tickets.Purpose.RESET_PASSWORD, event.ticket).expires_at
    tell(work, event, "reset_password", to=[event.email], choose=choose, until=until)


def address_changed(work: Work, event: AddressChange) -> None:
    """To the other confirmed addresses, and to one that was removed: what was done with this one.

    Who reads the letter at a removed address can't use it any more, and is told what works instead.
    """
    template = event.kind.replace(".", "_")
    everybody = accounts.letter_addresses(work, account_of(event))
    to = [email for email in everybody if email_key(email) != email_key(event.email)]
    tell(work, event, template, to=to, changed=event.email, gone=False)
    if isinstance(event, AddressRemoved) and event.was_confirmed:
        tell(work, event, template, to=[event.email], changed=event.email, gone=True)


def invitation(work: Work, event: InvitationSent) -> None:
    """To the invited address: the link behind which its reader registers."""
    register = link(work.settings, "accounts.invitation", ticket=event.ticket)
    values = {"register": register, "until": event.until}
    language = event.locale or language_of(work, None)
    service.write(work, "invitation", event.email, values, language=language, account_id=None)


SUBSCRIBERS = (
    (InvitationSent, invitation),
    (PasswordChanged, password_changed),
    (ResetRequested, reset_password),
    (AddressAdded, address_changed),
    (AddressConfirmed, address_changed),
    (PrimaryAddressChanged, address_changed),
    (AddressRemoved, address_changed),
)
