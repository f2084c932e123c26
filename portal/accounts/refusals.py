"""Addresses that a mail server has refused for good: their people learn why no letter comes, and nobody else does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from portal.accounts import names
from portal.accounts.models import Account, Address
from portal.kernel.work import Work

LATELY = timedelta(days=30)


def note(work: Work, account_id: UUID, email: str) -> None:
    """Keep that a letter of this account to this address was refused.

    Other accounts that name the same address learn nothing: it would tell them that somebody has it.
    """
    own = update(Address).where(Address.account_id == account_id, Address.email_key == names.email_key(email))
    work.db.execute(own.values(refused_at=work.now))


def clear(work: Work, account_id: UUID, email: str) -> None:
    """Keep that a letter of this account to this address was taken."""
    own = update(Address).where(Address.account_id == account_id, Address.email_key == names.email_key(email))
    work.db.execute(own.where(Address.refused_at.is_not(None)).values(refused_at=None))


def lately(work: Work) -> list[str]:
    """The user names of people whose address was refused in the last thirty days, in alphabetical order."""
    theirs = select(Account.username).join(Address, Address.account_id == Account.id)
    refused = theirs.where(Address.refused_at > work.now - LATELY).distinct()
    return sorted(work.db.scalars(refused), key=str.casefold)
