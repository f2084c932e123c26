"""The account's own side of closing: the days in which its person may change their mind, and the end.

Each step is one UPDATE that counts only while the account stands as it must: of two at the same instant one wins.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from portal.accounts.errors import AccountOver, LastAdministrator
from portal.accounts.models import Account, Address, Invitation, Ticket
from portal.kernel.errors import AlreadyUsed
from portal.kernel.work import Work

GRACE = timedelta(days=14)


def closing_at(work: Work, account_id: UUID) -> datetime | None:
    """When the account ends; None where it is not closed."""
    return work.db.scalar(select(Account.closes_at).where(Account.id == account_id))


def is_closing(work: Work, account_id: UUID) -> bool:
    """Whether the person has closed the account and may still change their mind."""
    return closing_at(work, account_id) is not None


def is_last_administrator(work: Work, account_id: UUID) -> bool:
    """Whether nobody would administer this index without this account."""
    open_ones = select(Account.id).where(Account.is_admin, Account.closes_at.is_(None))
    return list(work.db.scalars(open_ones)) == [account_id]


def hold_administrators(work: Work) -> None:
    """Let no other administrator go before this transaction ends: of two at the same instant one is the last."""
    work.db.execute(select(Account.id).where(Account.is_admin).order_by(Account.id).with_for_update())


def hold_open(work: Work, account_id: UUID) -> None:
    """Let nobody change the credentials of the account, or close it, before this transaction ends.

    For what must not outlive such a change: it comes before it and is found by it, or after it and knows of it.
    Raises AccountOver where the account is closed.
    """
    standing = (Account.id == account_id, Account.closes_at.is_(None), Account.emptied_at.is_(None))
    if work.db.scalar(select(Account.id).where(*standing).with_for_update(key_share=True)) is None:
        raise AccountOver


def close(work: Work, account_id: UUID) -> datetime:
    """Close the account from now on; the instant of its end. What rests on its credentials is void.

    Raises LastAdministrator, and AlreadyUsed where it is closed.
    """
    hold_administrators(work)
    if is_last_administrator(work, account_id):
        raise LastAdministrator
    until = work.now + GRACE
    standing = (Account.id == account_id, Account.closes_at.is_(None), Account.emptied_at.is_(None))
    _change(work, *standing, closes_at=until)
    return until


def reopen(work: Work, account_id: UUID) -> None:
    """Let the account go on. Raises AlreadyUsed where it is not closed, or has ended."""
    _change(work, Account.id == account_id, Account.closes_at.is_not(None), closes_at=None)


def due(work: Work) -> list[UUID]:
    """The accounts whose end has come."""
    return list(work.db.scalars(select(Account.id).where(Account.closes_at <= work.now).order_by(Account.closes_at)))


def empty(work: Work, account_id: UUID) -> None:
    """Leave nothing of the account but its name. Raises AlreadyUsed where its end has not come, or is over."""
    nothing: dict[str, Any] = {"password_hash": None, "locale": None, "is_admin": False}
    _change(
        work,
        Account.id == account_id,
        Account.closes_at <= work.now,
        **nothing,
        closes_at=None,
        emptied_at=work.now,
    )
    own = select(Address.email_key).where(Address.account_id == account_id)
    work.db.execute(delete(Invitation).where(Invitation.email_key.in_(own)))
    for table in (Ticket, Address):
        work.db.execute(delete(table).where(table.account_id == account_id))


def _change(work: Work, *which: Any, **values: Any) -> None:
    changed = update(Account).where(*which).values(epoch=Account.epoch + 1, **values)
    if cast("CursorResult[None]", work.db.execute(changed)).rowcount != 1:
        raise AlreadyUsed
