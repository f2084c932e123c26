"""A task that one process at a time may do. Its lease ends by itself when the process dies."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Executable, or_, update

from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.notices.models import Lease


def acquire(work: Work, name: str, holder: UUID, life: timedelta) -> bool:
    """Take or renew the lease of `name` for `life`; False while somebody else's runs."""
    free = or_(Lease.holder == holder, Lease.until <= work.now)
    renew = update(Lease).where(Lease.name == name, free).values(holder=holder, until=work.now + life)
    if _rows(work, renew):
        return True
    insert = INSERTS[work.db.get_bind().dialect.name](Lease)
    first = insert.values(name=name, holder=holder, until=work.now + life).on_conflict_do_nothing()
    return _rows(work, first)


def release(work: Work, name: str, holder: UUID) -> None:
    """Let go of the lease, so that another process need not wait for its end."""
    _rows(work, update(Lease).where(Lease.name == name, Lease.holder == holder).values(until=work.now))


def _rows(work: Work, statement: Executable) -> bool:
    return cast("CursorResult[None]", work.db.execute(statement)).rowcount == 1
