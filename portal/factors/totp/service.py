"""Authenticator apps of an account.

A code is used up by one UPDATE that counts only while the row's last step is older than the code's:
of two requests with the same code at the same instant one wins, and no step ever counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select, update

from portal.accounts.service import renew_credentials
from portal.factors.errors import NameTaken
from portal.factors.totp.codes import fitting_steps, start_of, step_at
from portal.factors.totp.events import AuthenticatorAdded, AuthenticatorRemoved, AuthenticatorRenamed
from portal.factors.totp.models import Authenticator
from portal.factors.verdict import Outcome, Verdict
from portal.kernel.errors import NotFound
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


def find_own(work: Work, account_id: UUID, authenticator_id: UUID) -> Authenticator:
    """An authenticator app of this account. Raises NotFound."""
    found = work.db.get(Authenticator, authenticator_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


def hold(work: Work, account_id: UUID) -> None:
    """Let nobody else change the factors of this account before this transaction ends.

    What was sealed for the credentials as they were is void from now on.
    """
    renew_credentials(work, account_id)


def rename(work: Work, account_id: UUID, authenticator_id: UUID, name: str) -> None:
    """Give an authenticator app another name. Raises NotFound, and NameTaken where another app has it.

    Two at the same instant wait for each other, so that both can't take one name.
    """
    hold(work, account_id)
    row = find_own(work, account_id, authenticator_id)
    held = authenticators_of(work, account_id)
    if any(other.id != row.id and other.name.casefold() == name.casefold() for other in held):
        raise NameTaken
    before, row.name = row.name, name
    if before != name:
        work.record(
            AuthenticatorRenamed(account_id=account_id, authenticator_id=authenticator_id, name=name, before=before)
        )


def remove(work: Work, account_id: UUID, authenticator_id: UUID, *, last: bool) -> None:
    """Delete an authenticator app with its key. Raises NotFound, also for the second of two."""
    row = find_own(work, account_id, authenticator_id)
    gone = work.db.execute(delete(Authenticator).where(Authenticator.id == authenticator_id))
    if cast("CursorResult[None]", gone).rowcount != 1:
        raise NotFound
    work.record(
        AuthenticatorRemoved(account_id=account_id, authenticator_id=authenticator_id, name=row.name, last=last)
    )
