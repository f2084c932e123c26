"""Things that work once: a sealed value is used up by writing its random id down."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.errors import AlreadyUsed
from portal.kernel.model import Base
from portal.kernel.work import Work

INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


def unless_there(model: type[Base], returned: Any) -> Callable[[Work], Any]:
    """A statement for each database that adds a row, with all its values, unless another one is in its way.

    Its values are given when it is executed, by the names of the columns. It returns `returned` of the new row, and
    no row where there is none. Built once: to build it costs more than to run it.
    """
    built = {
        name: insert(model.__table__).on_conflict_do_nothing().returning(returned) for name, insert in INSERTS.items()
    }
    return lambda work: built[work.db.get_bind().dialect.name]


class Used(Base):
    """The id of a sealed value that has been used. Kept until the value would be too old anyway."""

    __tablename__ = "used"

    id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


def seal_once(work: Work, facts: dict[str, Any], *, purpose: str, life: timedelta) -> str:
    """Facts sealed for a hidden field, to be taken once with `take_once` within `life`."""
    held = {**facts, "once": secrets.token_urlsafe(16)}
    return work.vault.seal_field(held, purpose=purpose, until=work.now + life)


def take_once(work: Work, text: str, *, purpose: str, life: timedelta) -> dict[str, Any]:
    """The facts of `seal_once`; of two takers one wins. Raises Unsealable and AlreadyUsed."""
    facts = work.vault.open_field(text, purpose=purpose, now=work.now)
    insert = INSERTS[work.db.get_bind().dialect.name]
    row = insert(Used).values(id=facts.pop("once"), until=work.now + life).on_conflict_do_nothing()
    taken = cast("CursorResult[None]", work.db.execute(row))
    if taken.rowcount != 1:
        raise AlreadyUsed
    return facts


def refuse_used(work: Work, text: str, *, purpose: str) -> None:
    """Look whether the value was taken already, before much work is done for it; only `take_once` makes sure.

    Raises Unsealable and AlreadyUsed.
    """
    facts = work.vault.open_field(text, purpose=purpose, now=work.now)
    if work.db.get(Used, facts["once"]) is not None:
        raise AlreadyUsed


def forget_used(work: Work) -> None:
    """Drop the ids of values that are too old to be taken."""
    work.db.execute(delete(Used).where(Used.until < work.now))
