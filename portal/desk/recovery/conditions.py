"""Which account may be recovered, who may start or approve that, and who is asked to."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts import service as accounts
from portal.accounts.events import (
    AddressAdded,
    AddressConfirmed,
    AddressRemoved,
    FirstAdministratorRegistered,
    PasswordChanged,
    PasswordReset,
    PrimaryAddressChanged,
    Registered,
)
from portal.accounts.models import Account, Address
from portal.audit.models import Entry
from portal.desk.recovery import errors
from portal.factors import service as factors
from portal.kernel.work import Work

QUIET = timedelta(days=7)
CHANGES = (AddressAdded, AddressConfirmed, AddressRemoved, PasswordChanged, PasswordReset, PrimaryAddressChanged)


def require_possible(work: Work, account: Account, *, by: UUID | None) -> None:
    """Raise NotRecoverable where this account can't be recovered, or not by `by` (None: the operator of the server)."""
    require_administrator(work, by)
    if account.id == by:
        raise errors.OwnAccount
    if account.closes_at is not None or account.emptied_at is not None:
        raise errors.NotOpen
    if not factors.has_factor(work, account.id):
        raise errors.NothingLost
    primary(work, account.id)
    changed = _last_change(work, account.id)
    if changed is not None and changed + QUIET > work.now:
        raise errors.ChangedLately(changed + QUIET)


def _last_change(work: Work, account_id: UUID) -> datetime | None:
    """When the password or an address was changed last. What led to the first confirmed address is no change."""
    own = select(func.max(Entry.at)).where(Entry.account_id == account_id)
    changes = own.where(Entry.kind.in_([event.kind for event in CHANGES]))
    entries = select(func.min(Entry.id)).where(Entry.account_id == account_id)
    registered = work.db.scalar(entries.where(Entry.kind.in_([Registered.kind, FirstAdministratorRegistered.kind])))
    confirmed = work.db.scalar(entries.where(Entry.kind == AddressConfirmed.kind))
    if registered is not None and confirmed is not None:
        changes = changes.where(Entry.id > confirmed)
    found: datetime | None = work.db.scalar(changes)
    return found


def require_startable(work: Work, account: Account, *, by: UUID | None) -> None:
    """The same, and NobodyApproves where `by` would ask for an approval that nobody could give."""
    require_possible(work, account, by=by)
    if account.is_admin and by is not None and not approvers(work, account.id, started_by=by):
        raise errors.NobodyApproves


def require_administrator(work: Work, by: UUID | None) -> None:
    """Raise NotAdministrator unless `by` is one now, or the operator."""
    if by is not None and by not in administrators(work):
        raise errors.NotAdministrator


def primary(work: Work, account_id: UUID) -> Address:
    """The confirmed primary address. Raises NoWay."""
    address = accounts.confirmed_address(work, account_id)
    if address is None or not address.is_primary:
        raise errors.NoWay
    return address


def administrators(work: Work) -> list[UUID]:
    """Who administers this index now: accounts that are closed do not count."""
    open_ones = (Account.is_admin, Account.closes_at.is_(None), Account.emptied_at.is_(None))
    return list(work.db.scalars(select(Account.id).where(*open_ones).order_by(Account.created_at, Account.id)))


def approvers(work: Work, account_id: UUID, *, started_by: UUID | None) -> list[UUID]:
    """The administrators who may approve: neither the one who has lost everything nor the one who has started."""
    return [reader for reader in administrators(work) if reader not in (account_id, started_by)]
