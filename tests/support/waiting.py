"""Whether one transaction has to wait for another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.kernel.work import Actor, Instance, Work


def would_wait(instance: Instance, deed: Callable[[Work], object], actor: Actor | None = None) -> bool:
    """Whether this deed, in a transaction of its own, has to wait for one that is open now; then it is given up."""
    if instance.database.is_sqlite:
        return _is_written_to(str(instance.database.url.database))
    with instance.work(*([actor] if actor else [])) as other:
        other.db.execute(text("SET LOCAL lock_timeout = '50ms'"))
        try:
            deed(other)
        except OperationalError:
            other.db.rollback()
            return True
    return False


def _is_written_to(path: str) -> bool:
    """On SQLite everybody who writes waits for whoever does."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False
