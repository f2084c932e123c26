"""Which letter follows which event, to whom, and what it is told."""

from __future__ import annotations

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.events import ConfirmationRequested, Registered
from portal.accounts.names import email_key
from portal.factors.recovery.events import RecoveryCodesCreated, RecoveryCodeUsed
from portal.factors.totp.events import AuthenticatorAdded
from portal.kernel.work import Work
from portal.notices import service
from portal.notices.paths import link
from portal.notices.telling import account_of, language_of, tell
from portal.throttle.service import Bucket, Kind, spend

FEW_CODES = 3


def address_to_confirm(work: Work, event: Registered | ConfirmationRequested) -> None:
    """To the new address: a link that confirms it, or the news that it has an account already.

    Three in six hours, whoever asks: anybody may type the address of somebody else. What is more is not
    written, and nobody is told, so that an address that has an account looks like one that has none.
    """
    if not spend(work, Bucket(Kind.LETTER, f"to {email_key(event.email)}")):
        return
    if event.already_registered:
        _already_registered(work, event)
        return
    account = accounts.find(work, account_of(event))
    values = {
        "username": event.username,
        "confirm": link(work.settings, "accounts.verify_email", ticket=event.ticket),
        "until": tickets.find(work, tickets.Purpose.CONFIRM_ADDRESS, event.ticket).expires_at,
    }
    language = account.locale or work.actor.locale
    service.write(work, "address_to_confirm", event.email, values, language=language, account_id=account.id)


def _already_registered(work: Work, event: Registered | ConfirmationRequested) -> None:
    # Read again here: between the form and this moment the address can have lost its account.
    account = accounts.by_login(work, event.email)
    if account is None:
        return
    sign_in = link(work.settings, "signin.login")
    values = {"username": account.username, "other": event.username, "sign_in": sign_in}
    language = language_of(work, account)
    # A letter of whoever asked for it: only they learn whether it was taken, as with an address that nobody has.
    asked = account_of(event)
    service.write(work, "address_already_registered", event.email, values, language=language, account_id=asked)


def authenticator_added(work: Work, event: AuthenticatorAdded) -> None:
    """To every confirmed address: a second factor was added."""
    tell(work, event, "authenticator_added", name=event.name, first=event.first)


def recovery_codes_created(work: Work, event: RecoveryCodesCreated) -> None:
    """To every confirmed address: there is a new list of codes."""
    tell(work, event, "recovery_codes_created", count=event.count, replaced=event.replaced)


def recovery_code_used(work: Work, event: RecoveryCodeUsed) -> None:
    """To every confirmed address: how many codes are left, with a reminder when they are few."""
    new_codes = link(work.settings, "factors.recovery_codes")
    tell(work, event, "recovery_code_used", left=event.left, few=event.left <= FEW_CODES, new_codes=new_codes)


SUBSCRIBERS = (
    (Registered, address_to_confirm),
    (ConfirmationRequested, address_to_confirm),
    (AuthenticatorAdded, authenticator_added),
    (RecoveryCodesCreated, recovery_codes_created),
    (RecoveryCodeUsed, recovery_code_used),
)
