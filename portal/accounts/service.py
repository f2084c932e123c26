"""Accounts and addresses.

A user name is public, an address is not: nothing here tells a stranger whether an address is
known. A confirmed address belongs to one account; unconfirmed, any number of accounts may name it
and none of them gains by it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import names, tickets
from portal.accounts.errors import AddressTaken, RegistrationClosed, UsernameTaken
from portal.accounts.events import (
    AddressConfirmed,
    ConfirmationRequested,
    LanguageChosen,
    LanguageLeftToBrowser,
    Registered,
)
from portal.accounts.models import Account, Address, Setup, Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.errors import AlreadyUsed, NotFound, Unavailable
from portal.kernel.ids import new_id
from portal.kernel.once import INSERTS
from portal.kernel.work import Work

CONFIRMATION_LIFE = timedelta(hours=24)
LOGIN_LIMIT = 254
SETUP_ID = 1


def find(work: Work, account_id: UUID) -> Account:
    """The account. Raises NotFound."""
    found = work.db.get(Account, account_id)
    if found is None:
        raise NotFound
    return found


def still_has_credentials(work: Work, account: Account) -> bool:
    """Whether the credentials are those that were read; until this transaction ends nobody changes them.

    It also lets the sign-ins of one account follow each other. For a writing transaction.
    """
    same = select(Account.id).where(Account.id == account.id, Account.epoch == account.epoch)
    return work.db.scalar(same.with_for_update(key_share=True)) is not None


def hold(work: Work, account_id: UUID) -> None:
    """Let nobody else change the account, its password or its factors before this transaction ends."""
    work.db.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))


def renew_credentials(work: Work, account_id: UUID) -> None:
    """Say that a credential of the account has changed: what was sealed before is void."""
    renewed = update(Account).where(Account.id == account_id).values(epoch=Account.epoch + 1)
    # What was read before stays as it was read, so that it is found to be outdated.
    work.db.execute(renewed.execution_options(synchronize_session=False))


def by_username_or_none(work: Work, text: str) -> Account | None:
    """The account of that user name, however its letters and separators are written."""
    if not names.is_username(text):
        return None
    return work.db.scalars(select(Account).where(Account.username_key == names.username_key(text))).one_or_none()


def by_login(work: Work, text: str) -> Account | None:
    """The account of what a person types to sign in: a user name, or a confirmed address."""
    if "@" not in text:
        return by_username_or_none(work, text)
    # In one query: a second one for known addresses alone would be seen in the time.
    owner = select(Account).join(Address, Address.account_id == Account.id)
    confirmed = owner.where(Address.email_key == names.email_key(text), Address.confirmed_at.is_not(None))
    return work.db.scalars(confirmed).one_or_none() if len(text) <= LOGIN_LIMIT else None


def find_address(work: Work, address_id: UUID | None) -> Address:
    """The address. Raises NotFound."""
    found = None if address_id is None else work.db.get(Address, address_id)
    if found is None:
        raise NotFound
    return found


def addresses(work: Work, account_id: UUID) -> list[Address]:
    """All addresses of an account, the primary one first."""
    query = select(Address).where(Address.account_id == account_id)
    return list(work.db.scalars(query.order_by(Address.is_primary.desc(), Address.created_at, Address.email_key)))


def confirmed_address(work: Work, account_id: UUID) -> Address | None:
    """A confirmed address of the account, the primary one if it is; None where there is no way back in by mail."""
    return next((address for address in addresses(work, account_id) if address.confirmed_at), None)


def letter_addresses(work: Work, account_id: UUID) -> list[str]:
    """Where notices to this person go: every confirmed address."""
    return [address.email for address in addresses(work, account_id) if address.confirmed_at]


def guessable(work: Work, account: Account) -> list[str]:
    """The words about an account that an attacker would try in its password."""
    emails = [address.email for address in addresses(work, account.id)] or [""]
    return sorted({word for email in emails for word in names.parts(account.username, email)})


def choose_language(work: Work, account_id: UUID, locale: str | None) -> None:
    """Keep the language of pages and letters; None leaves it to the browser. Choosing the same again does nothing."""
    account = find(work, account_id)
    if account.locale == locale:
        return
    account.locale = locale
    if locale is None:
        work.record(LanguageLeftToBrowser(account_id=account_id))
    else:
        work.record(LanguageChosen(account_id=account_id, language=locale.replace("_", "-")))


def require_ready(work: Work) -> None:
    """Raise Unavailable until the first administrator's link has been used."""
    setup = work.db.get(Setup, SETUP_ID)
    if setup is None or setup.used_at is None:
        raise Unavailable


def require_open(work: Work) -> None:
    """Raise Unavailable before there is an administrator, RegistrationClosed where nobody may register freely."""
    require_ready(work)
    if work.settings.registers != "open":
        raise RegistrationClosed


def require_free_name(work: Work, username: str) -> None:
    """Raise UsernameTaken if the name is reserved or somebody has it."""
    if names.is_reserved(username) or by_username_or_none(work, username) is not None:
        raise UsernameTaken


def register(
    work: Work,
    *,
    username: str,
    email: str,
    password_hash: str,
    as_admin: bool = False,
    event: type[Registered] = Registered,
) -> Account:
    """A new account with an unconfirmed address. Of two with one name at the same instant one wins.

    The same is done, whoever has confirmed that address; only the event knows. Raises UsernameTaken.
    """
    account = insert_account(work, username, password_hash, as_admin=as_admin)
    address = insert_address(work, account.id, email, primary=True)
    work.record(event(**confirmation(work, address)))
    return account


def insert_account(work: Work, username: str, password_hash: str, *, as_admin: bool = False) -> Account:
    """A new row for an account without addresses. Raises UsernameTaken."""
    require_free_name(work, username)
    insert = INSERTS[work.db.get_bind().dialect.name]
    row = insert(Account).values(
        id=new_id(),
        username=username,
        username_key=names.username_key(username),
        password_hash=password_hash,
        epoch=0,
        is_admin=as_admin,
        created_at=work.now,
    )
    made = work.db.scalar(row.on_conflict_do_nothing(index_elements=["username_key"]).returning(Account.id))
    if made is None:
        raise UsernameTaken
    return find(work, made)


def insert_address(work: Work, account_id: UUID, email: str, *, primary: bool, proven: bool = False) -> Address:
    """A new row for an address; `proven` ones count as confirmed. Raises AddressTaken where somebody else has it."""
    row = Address(
        id=new_id(),
        account_id=account_id,
        email=email,
        email_key=names.email_key(email),
        confirmed_at=work.now if proven else None,
        is_primary=primary,
        created_at=work.now,
    )
    try:
        with work.db.begin_nested():
            work.db.add(row)
    except IntegrityError as error:
        raise AddressTaken from error
    return row


def confirmation(work: Work, address: Address) -> dict[str, Any]:
    """What an event carries for the letter that confirms an address; it holds a new link."""
    return {
        "account_id": address.account_id,
        "username": find(work, address.account_id).username,
        "email": address.email,
        "ticket": _confirmation_ticket(work, address),
        "already_registered": _confirmed_owner(work, address.email) is not None,
    }


def request_confirmation(work: Work, address: Address) -> None:
    """Send the letter that confirms an address again. Raises AlreadyUsed where it is confirmed."""
    if address.confirmed_at is not None:
        raise AlreadyUsed
    # What the mail server says to the new letter counts.
    address.refused_at = None
    work.record(ConfirmationRequested(**confirmation(work, address)))


def confirm_address(work: Work, ticket: Ticket) -> None:
    """Use the ticket up and mark its address as confirmed: both or neither.

    Raises AlreadyUsed, and AddressTaken where another account was first with that address.
    """
    try:
        with work.db.begin_nested():
            tickets.take(work, ticket)
            unconfirmed = update(Address).where(Address.id == ticket.address_id, Address.confirmed_at.is_(None))
            proven = unconfirmed.values(confirmed_at=work.now, refused_at=None)
            marked = cast("CursorResult[None]", work.db.execute(proven))
            if marked.rowcount != 1:
                raise AlreadyUsed
    except IntegrityError as error:
        raise AddressTaken from error
    email = find_address(work, ticket.address_id).email
    work.record(AddressConfirmed(account_id=ticket.account_id, email=email))


def _confirmation_ticket(work: Work, address: Address) -> str:
    return tickets.issue(work, Purpose.CONFIRM_ADDRESS, address.account_id, address.id, life=CONFIRMATION_LIFE)


def _confirmed_owner(work: Work, email: str) -> UUID | None:
    query = select(Address.account_id).where(
        Address.email_key == names.email_key(email), Address.confirmed_at.is_not(None)
    )
    return work.db.scalars(query).one_or_none()
