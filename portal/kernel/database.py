"""Engines and sessions: SQLite and PostgreSQL as equals."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import Session

BUSY_MILLISECONDS = 30_000


class Database:
    """One database, opened twice: for reading and for writing.

    On SQLite a writing session takes the write lock when it begins (``BEGIN IMMEDIATE``): a read
    that turns into a write later can't be overtaken, and waits at most `BUSY_MILLISECONDS`.
    """

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        # Without the option the row count of an INSERT is -1 on PostgreSQL, and single use rests on it.
        options = {"execution_options": {"preserve_rowcount": True}, **_connect_options(self.url.drivername)}
        # Addresses and hashes are values of statements: the text of an error, which is logged, must not hold them.
        self.engine = create_engine(self.url, pool_size=pool_size, max_overflow=40, hide_parameters=True, **options)
        self._writing = self.engine.execution_options(doorward_write=True)
        self._local, self._kept = local(), list[Any]()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    def session(self, *, write: bool) -> Session:
        """A session that is not yet in a transaction; loaded rows stay readable after a commit."""
        bind: Engine = self._writing if write else self.engine
        return Session(bind=bind, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A connection of the driver for one statement that reads, outside of any transaction.

        On SQLite each thread keeps its own: to take one from the pool costs more than to read a row. The server's
        threads are few and stay.
        """
        if not self.is_sqlite:
            connection = self.engine.raw_connection()
            try:
                yield connection
            finally:
                connection.close()
            return
        kept = getattr(self._local, "connection", None)
        if kept is None:
            kept = self._local.connection = self.engine.raw_connection()
            # It is not the pool's any more, so that threads that come and go leave the pool as it is.
            kept.detach()
            # Whoever reads so must not wait, the network's loop least of all: where it is busy, others ask and wait.
            kept.cursor().execute("PRAGMA busy_timeout=0")
            self._kept.append(kept)
        yield kept

    def close(self) -> None:
        """Close every connection."""
        while self._kept:
            self._kept.pop().close()
        self._local = local()
        self.engine.dispose()


def _connect_options(driver: str) -> dict[str, Any]:
    if driver.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000}}
    return {"pool_pre_ping": True}


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction handling begins late and never IMMEDIATE: switch it off.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("doorward_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
