"""The step between a right password and a right code, carried by the form and never by a session.

The form holds a sealed id; the row says how often it was tried and whether it was used. It is void
when the account's credentials change.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, update

from portal.accounts.models import Account
from portal.kernel.errors import AlreadyUsed
from portal.kernel.ids import new_id
from portal.kernel.vault import Unsealable
from portal.kernel.work import Work
from portal.signin.errors import StepOver
from portal.signin.models import PasswordStep

PURPOSE = "password-step"
LIFE = timedelta(minutes=10)
TRIES = 5


def begin(work: Work, account: Account) -> PasswordStep:
    """Write down that the account's password was right a moment ago."""
    step = PasswordStep(id=new_id(), account_id=account.id, epoch=account.epoch, tries=0, until=work.now + LIFE)
    work.db.add(step)
    work.db.flush()
    return step


def seal(work: Work, step: PasswordStep) -> str:
    """The step as a hidden field."""
    return work.vault.seal_field({"step": str(step.id)}, purpose=PURPOSE, until=step.until)


def opened(work: Work, text: str) -> PasswordStep:
    """The step of a hidden field. Raises StepOver."""
    try:
        facts = work.vault.open_field(text, purpose=PURPOSE, now=work.now)
    except Unsealable as error:
        raise StepOver from error
    step = work.db.get(PasswordStep, UUID(facts["step"]))
    if step is None:
        raise StepOver
    if step.used_at is not None:
        raise AlreadyUsed
    return step


def require_open(work: Work, step: PasswordStep, account: Account) -> None:
    """Raise StepOver unless the step may be tried. Only `try_once` makes sure of it."""
    if step.tries >= TRIES or step.until <= work.now or step.epoch != account.epoch:
        raise StepOver


def try_once(work: Work, step: PasswordStep, account: Account) -> None:
    """Reserve one of the tries in a transaction of its own. Raises StepOver when none is left."""
    with work.apart() as apart:
        counted: CursorResult[Any] = apart.db.execute(  # type: ignore[assignment]
            update(PasswordStep)
            .where(
                PasswordStep.id == step.id,
                PasswordStep.tries < TRIES,
                PasswordStep.used_at.is_(None),
                PasswordStep.until > work.now,
                PasswordStep.epoch == account.epoch,
            )
            .values(tries=PasswordStep.tries + 1)
        )
    if counted.rowcount != 1:
        raise StepOver


def finish(work: Work, step: PasswordStep) -> None:
    """Use the step up. Of two at the same instant one wins; the other gets AlreadyUsed."""
    taken: CursorResult[Any] = work.db.execute(  # type: ignore[assignment]
        update(PasswordStep).where(PasswordStep.id == step.id, PasswordStep.used_at.is_(None)).values(used_at=work.now)
    )
    if taken.rowcount != 1:
        raise AlreadyUsed


def forget_old(work: Work) -> None:
    """Drop the steps that can't be finished any more."""
    work.db.execute(delete(PasswordStep).where(PasswordStep.until < work.now - LIFE))
