"""The e-mail addresses of an account: added, made primary, removed.

While none is confirmed there is one, and adding another takes its place: it was mistyped. Later there may be
several; the primary one is always a confirmed one.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from portal.accounts import names, service
from portal.accounts.errors import (
    AddressesChanged,
    AddressIsPrimary,
    AddressListed,
    AddressUnconfirmed,
    TooManyAddresses,
)
from portal.accounts.events import AddressAdded, AddressRemoved, PrimaryAddressChanged
from portal.accounts.models import Account, Address, Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.errors import NotFound
from portal.kernel.work import Work

MOST = 10


def find_own(work: Work, account_id: UUID, address_id: UUID) -> Address:
    """An address of this account. Raises NotFound."""
    found = work.db.get(Address, address_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


def add(work: Work, account_id: UUID, email: str) -> bool:
    """A new address, and the letter that confirms it; whether it took the place of one that was never confirmed.

    The same is done whoever has confirmed that address; only the letter knows. Raises AddressListed,
    TooManyAddresses, and AddressesChanged where another change was made at the same instant.
    """
    own = _locked(work, account_id)
    if any(row.email_key == names.email_key(email) for row in own):
        raise AddressListed
    if len(own) >= MOST:
        raise TooManyAddresses(MOST)
    first = not any(row.confirmed_at for row in own)
    if first:
        for row in own:
            _drop(work, row)
    address = service.insert_address(work, account_id, email, primary=first)
    work.record(AddressAdded(**service.confirmation(work, address)))
    return first and bool(own)


def make_primary(work: Work, account_id: UUID, address_id: UUID) -> None:
    """Let an address be the one that is used first. Raises NotFound and AddressUnconfirmed."""
    address = _one_of(_locked(work, account_id), address_id)
    if address.confirmed_at is None:
        raise AddressUnconfirmed
    if address.is_primary:
        return
    own = update(Address).where(Address.account_id == account_id)
    work.db.execute(own.where(Address.is_primary).values(is_primary=False))
    work.db.execute(own.where(Address.id == address_id).values(is_primary=True))
    work.record(PrimaryAddressChanged(account_id=account_id, email=address.email))


def remove(work: Work, account_id: UUID, address_id: UUID) -> None:
    """Remove an address; links that were sent there die. Raises NotFound and AddressIsPrimary."""
    address = _one_of(_locked(work, account_id), address_id)
    if address.is_primary:
        raise AddressIsPrimary
    _drop(work, address)


def drop_unconfirmed(work: Work, account_id: UUID) -> None:
    """Remove every address that was never confirmed, except the primary one."""
    for row in _locked(work, account_id):
        if row.confirmed_at is None and not row.is_primary:
            _drop(work, row)


def _locked(work: Work, account_id: UUID) -> list[Address]:
    """The addresses as they are now; other changes of them wait until this transaction ends."""
    work.db.scalars(select(Account.id).where(Account.id == account_id).with_for_update()).one()
    own = select(Address).where(Address.account_id == account_id).order_by(Address.created_at)
    return list(work.db.scalars(own.execution_options(populate_existing=True)))


def _one_of(own: list[Address], address_id: UUID) -> Address:
    found = next((row for row in own if row.id == address_id), None)
    if found is None:
        raise NotFound
    return found


def _drop(work: Work, address: Address) -> None:
    # Somebody may confirm it at this instant: what was never confirmed must still be so when it goes.
    confirmed = Address.confirmed_at.is_not(None) if address.confirmed_at else Address.confirmed_at.is_(None)
    gone = delete(Address).where(Address.id == address.id, confirmed).execution_options(synchronize_session=False)
    event = AddressRemoved(
        account_id=address.account_id, email=address.email, was_confirmed=address.confirmed_at is not None
    )
    # A link that was sent there does nothing any more; its page can still say why.
    links = update(Ticket).where(Ticket.address_id == address.id, Ticket.purpose == Purpose.CONFIRM_ADDRESS)
    work.db.execute(links.values(address_id=None))
    work.db.expunge(address)
    if cast("CursorResult[None]", work.db.execute(gone)).rowcount != 1:
        raise AddressesChanged
    work.record(event)
