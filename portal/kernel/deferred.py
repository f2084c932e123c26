"""Written down now, sealed, and dealt with by the worker: so that an answer can't tell whom it was about.

What was asked is taken in the transaction that deals with it: a process that dies leaves both or neither.
What fails is taken all the same: whoever asked can ask again, and one bad row keeps nobody waiting.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.vault import Unsealable
from portal.kernel.work import Actor, Instance, Work

BATCH = 100

log = logging.getLogger("doorward.worker")


class Deferred:
    """The columns of a table of such rows; its name is the purpose that the bodies are sealed for."""

    __tablename__: str

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    body: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)


def defer(work: Work, kind: type[Deferred], **facts: Any) -> None:
    """Write the facts down, and who acts, in the transaction of `work`. Facts must fit into JSON."""
    actor = work.actor
    told = {"address": actor.address, "browser": actor.browser, "locale": actor.locale, "facts": facts}
    body = work.vault.seal(json.dumps(told).encode(), purpose=kind.__tablename__)
    row = kind()
    row.body, row.created_at = body, work.now
    work.db.add(row)


def deal_with_all(instance: Instance, kind: type[Deferred], act: Callable[..., bool]) -> int:
    """Call `act(work, **facts)` for each, oldest first, as whoever asked; how many times it was true."""
    with instance.work(write=False) as work:
        waiting = list(work.db.scalars(select(kind.id).order_by(kind.created_at).limit(BATCH)))
    return sum(deal_with(instance, kind, row_id, act) for row_id in waiting)


def deal_with(instance: Instance, kind: type[Deferred], row_id: UUID, act: Callable[..., bool]) -> bool:
    """The same for one row; False where another worker has taken it."""
    with instance.work(write=False) as work:
        body = work.db.scalar(select(kind.body).where(kind.id == row_id))
    if body is None:
        return False
    try:
        told = json.loads(instance.vault.open(body, purpose=kind.__tablename__))
        actor = Actor(address=told["address"], browser=told["browser"], locale=told["locale"])
        with instance.work(actor) as work:
            return _take(work, kind, row_id) and act(work, **told["facts"])
    except Exception as error:
        with instance.work() as work:
            _take(work, kind, row_id)
        if not isinstance(error, Unsealable):
            raise
        log.warning("a row of %s could not be read", kind.__tablename__)
        return False


def _take(work: Work, kind: type[Deferred], row_id: UUID) -> bool:
    """Whether the row was still there; of two takers one wins."""
    taken = work.db.execute(delete(kind).where(kind.id == row_id))
    return cast("CursorResult[None]", taken).rowcount == 1
