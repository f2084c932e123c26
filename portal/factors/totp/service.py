"""Authenticator apps of an account.

A code is used up by one UPDATE that counts only while the row's last step is older than the code's:
of two requests with the same code at the same instant one wins, and no step ever counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update

from portal.accounts.service import renew_credentials
from portal.factors.totp.codes import fitting_steps, start_of, step_at
from portal.factors.totp.events import AuthenticatorAdded
from portal.factors.totp.models import Authenticator
from portal.factors.verdict import Outcome, Verdict
from portal.kernel.work import Work

LIMIT = 10
"""Authenticator apps of one account."""


@dataclass(frozen=True)
class Proven:
    """A key that its owner has shown a right code of; `step` is the code's."""

    id: UUID
    name: str
    key: bytes
    step: int


def purpose_of(authenticator_id: UUID) -> str:
    """What the key of this row is sealed for: moved to another row it does not open."""
    return f"totp-key:{authenticator_id}"


def authenticators_of(work: Work, account_id: UUID) -> Sequence[Authenticator]:
    """The authenticator apps of an account, oldest first."""
    query = select(Authenticator).where(Authenticator.account_id == account_id)
    return work.db.scalars(query.order_by(Authenticator.created_at, Authenticator.id)).all()


def has_authenticator(work: Work, account_id: UUID) -> bool:
    """Whether the account has at least one."""
    query = select(func.count()).select_from(Authenticator).where(Authenticator.account_id == account_id)
    return work.db.scalar(query) != 0


def take_code(work: Work, account_id: UUID, code: str) -> Verdict:
    """Use up a code of six ASCII digits. The caller commits."""
    wait_until = None
    for row in authenticators_of(work, account_id):
        key = work.vault.open(row.key, purpose=purpose_of(row.id))
        for step in fitting_steps(key, code, work.now):
            if take_step(work, row.id, step):
                return Verdict(Outcome.ACCEPTED, "totp")
            newest = work.db.scalar(select(Authenticator.last_step).where(Authenticator.id == row.id)) or step
            wait_until = start_of(max(newest, step_at(work.now)) + 1)
    return Verdict(Outcome.USED if wait_until else Outcome.WRONG, "totp", wait_until)


def take_step(work: Work, authenticator_id: UUID, step: int) -> bool:
    """Whether this step was still unused; from now on it and all before it are used (RFC 6238 §5.2)."""
    taken = work.db.execute(
        update(Authenticator)
        .where(Authenticator.id == authenticator_id, Authenticator.last_step < step)
        .values(last_step=step, last_used_at=work.now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[None]", taken).rowcount == 1


def add(work: Work, account_id: UUID, proven: Proven, *, first: bool) -> None:
    """Store an authenticator app; the code that proved it is used."""
    work.db.add(
        Authenticator(
            id=proven.id,
            account_id=account_id,
            name=proven.name,
            key=work.vault.seal(proven.key, purpose=purpose_of(proven.id)),
            last_step=proven.step,
            created_at=work.now,
            last_used_at=None,
        )
    )
    renew_credentials(work, account_id)
    work.record(AuthenticatorAdded(account_id=account_id, authenticator_id=proven.id, name=proven.name, first=first))
