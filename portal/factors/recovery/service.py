"""The recovery codes of an account.

They are hashed like passwords, outside any transaction. A code is used up by one UPDATE that counts
only while it is unused; a list is replaced by one UPDATE that counts only while it is the current one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, insert, select, update

from portal.accounts.passwords import hash_password, verify_password
from portal.accounts.service import renew_credentials
from portal.factors.errors import SetupOutdated
from portal.factors.recovery.codes import Code, read_code
from portal.factors.recovery.events import RecoveryCodesCreated, RecoveryCodesDeleted, RecoveryCodeUsed
from portal.factors.recovery.models import RecoveryCode, RecoverySet
from portal.factors.verdict import Outcome, Verdict
from portal.kernel.ids import new_id
from portal.kernel.once import INSERTS
from portal.kernel.work import Work


@dataclass(frozen=True)
class State:
    """What may be shown of a list of recovery codes."""

    set_id: UUID
    created_at: datetime
    left: int


@dataclass(frozen=True)
class HashedCode:
    """A code as it is kept."""

    selector: str
    secret_hash: str


def state_of(work: Work, account_id: UUID) -> State | None:
    """The account's list; None where it never had one."""
    held = work.db.get(RecoverySet, account_id, populate_existing=True)
    return State(held.set_id, held.created_at, codes_left(work, account_id)) if held else None


def codes_left(work: Work, account_id: UUID) -> int:
    """How many codes are unused."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return work.db.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def hash_codes(work: Work, codes: Iterable[Code]) -> list[HashedCode]:
    """Slow. Raises TransactionOpen inside a transaction."""
    return [HashedCode(code.selector, hash_password(work, code.secret)) for code in codes]


def create(work: Work, account_id: UUID, hashed: list[HashedCode]) -> None:
    """Store the first list of an account. Raises SetupOutdated where there is one already."""
    values = {"account_id": account_id, "set_id": new_id(), "created_at": work.now}
    unless_there = INSERTS[work.db.get_bind().dialect.name](RecoverySet).values(**values).on_conflict_do_nothing()
    made = cast("CursorResult[None]", work.db.execute(unless_there))
    if made.rowcount != 1:
        raise SetupOutdated
    _store(work, account_id, hashed, replaced=False)


def replace(work: Work, account_id: UUID, hashed: list[HashedCode], *, old: UUID) -> None:
    """Store a list in the place of the list `old`. Raises SetupOutdated where that is no longer the current one."""
    swapped = work.db.execute(
        update(RecoverySet)
        .where(RecoverySet.account_id == account_id, RecoverySet.set_id == old)
        .values(set_id=new_id(), created_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[None]", swapped).rowcount != 1:
        raise SetupOutdated
    work.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    renew_credentials(work, account_id)
    _store(work, account_id, hashed, replaced=True)


def _store(work: Work, account_id: UUID, hashed: list[HashedCode], *, replaced: bool) -> None:
    rows = [{"account_id": account_id, "selector": code.selector, "secret_hash": code.secret_hash} for code in hashed]
    work.db.execute(insert(RecoveryCode), rows)
    work.record(RecoveryCodesCreated(account_id=account_id, count=len(rows), replaced=replaced))


def forget(work: Work, account_id: UUID) -> None:
    """Delete the account's list, used codes and all."""
    work.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    gone = work.db.execute(delete(RecoverySet).where(RecoverySet.account_id == account_id))
    if cast("CursorResult[None]", gone).rowcount:
        work.record(RecoveryCodesDeleted(account_id=account_id))


def take_code(work: Work, account_id: UUID, text: str) -> Verdict:
    """Use up a recovery code. Slow; settles the work to hash. The caller commits what follows."""
    code = read_code(text)
    row = work.db.get(RecoveryCode, (account_id, code.selector)) if code else None
    work.settle()
    right = verify_password(work, row.secret_hash if row else None, code.secret if code else "")
    if not code or not row or not right:
        return Verdict(Outcome.WRONG, "recovery")
    if not take_selector(work, account_id, code.selector):
        return Verdict(Outcome.USED, "recovery")
    work.record(RecoveryCodeUsed(account_id=account_id, left=codes_left(work, account_id)))
    return Verdict(Outcome.ACCEPTED, "recovery")


def take_selector(work: Work, account_id: UUID, selector: str) -> bool:
    """Whether this code was still unused; from now on it is used."""
    taken = work.db.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.selector == selector,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=work.now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[None]", taken).rowcount == 1
