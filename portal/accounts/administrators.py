"""Who administers this index. Beyond the first, the operator makes them on the command line; the last one stays."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from portal.accounts import leaving
from portal.accounts.errors import AlreadyAdministrator, LastAdministrator, NoAdministrator, NotOpen
from portal.accounts.events import AdministratorMade, AdministratorRemoved
from portal.accounts.models import Account
from portal.kernel.work import Work

OPEN = (Account.closes_at.is_(None), Account.emptied_at.is_(None))


def listed(work: Work) -> list[UUID]:
    """Every administrator; whoever has closed their account is none."""
    query = select(Account.id).where(Account.is_admin, *OPEN)
    return list(work.db.scalars(query.order_by(Account.username_key)))


def make(work: Work, account: Account) -> None:
    """Let somebody administer this index from now on. Raises AlreadyAdministrator, and NotOpen for a closed account."""
    if account.is_admin:
        raise AlreadyAdministrator
    if not _set(work, account.id, *OPEN, Account.is_admin.is_(False), is_admin=True):
        raise NotOpen
    work.record(AdministratorMade(account_id=account.id, username=account.username))


def remove(work: Work, account: Account) -> None:
    """Let somebody be a person like others from now on. Raises NoAdministrator and LastAdministrator."""
    leaving.hold_administrators(work)
    if leaving.is_last_administrator(work, account.id):
        raise LastAdministrator
    if not _set(work, account.id, Account.is_admin, is_admin=False):
        raise NoAdministrator
    work.record(AdministratorRemoved(account_id=account.id, username=account.username))


def _set(work: Work, account_id: UUID, *which: Any, is_admin: bool) -> bool:
    changed = update(Account).where(Account.id == account_id, *which).values(is_admin=is_admin)
    return cast("CursorResult[None]", work.db.execute(changed)).rowcount == 1
