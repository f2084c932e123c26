"""One unit of work: database, time, identity and audit as one explicit argument of every service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from portal.kernel.clock import Clock, SystemClock
from portal.kernel.database import Database
from portal.kernel.settings import Settings
from portal.kernel.vault import Vault

Port = TypeVar("Port")


class Recorder(Protocol):
    """Stores an event and calls its subscribers, in the transaction of the work."""

    def __call__(self, work: Work, event: Any) -> None: ...


@dataclass(frozen=True)
class Actor:
    """Who acts, and from where.

    `address` is the client's full IP address, `browser` a family such as "Firefox on Linux".
    """

    account_id: UUID | None = None
    username: str = ""
    address: str = ""
    browser: str = ""
    locale: str = "en"


SYSTEM = Actor(browser="Doorward")


class TransactionOpen(RuntimeError):
    """Slow work was about to run while a transaction was open: a defect of ours, never of a person."""


@dataclass(frozen=True)
class Instance:
    """What one running instance holds. `ports` maps a protocol class to its one implementation."""

    settings: Settings
    vault: Vault
    database: Database
    recorder: Recorder
    clock: Clock = field(default_factory=SystemClock)
    ports: dict[type, Any] = field(default_factory=dict)

    def open(self, actor: Actor = SYSTEM, *, write: bool = True) -> Work:
        """A new unit of work; the caller commits and closes its `db`."""
        return Work(self.database.session(write=write), self.clock.now(), actor, self)

    @contextmanager
    def work(self, actor: Actor = SYSTEM, *, write: bool = True) -> Iterator[Work]:
        """A unit of work that is committed at the end, or rolled back by an exception."""
        work = self.open(actor, write=write)
        try:
            yield work
            work.db.commit()
        finally:
            work.db.close()


@dataclass(frozen=True)
class Work:
    """The world, as a service sees it.

    `db` begins a transaction with its first statement. `settle` ends it; whatever is slow
    (hashing a password, reading an archive) calls `require_settled` first.
    """

    db: Session
    now: datetime
    actor: Actor
    instance: Instance

    @property
    def settings(self) -> Settings:
        """The instance's settings."""
        return self.instance.settings

    @property
    def vault(self) -> Vault:
        """The instance's vault."""
        return self.instance.vault

    def at_present(self) -> Work:
        """The same unit of work at the moment that it is now: what began long ago may have been overtaken."""
        return replace(self, now=self.instance.clock.now())

    def port(self, kind: type[Port]) -> Port:
        """The instance's one implementation of a port (file store, mail transport, breach list)."""
        found: Port = self.instance.ports[kind]
        return found

    def record(self, event: Any) -> None:
        """Store an event and call its subscribers, in this transaction."""
        self.instance.recorder(self, event)

    def settle(self) -> None:
        """Commit what has been done so far and end the transaction."""
        self.db.commit()

    def require_settled(self) -> None:
        """Raise TransactionOpen unless no transaction is open."""
        if self.db.in_transaction():
            raise TransactionOpen

    @contextmanager
    def apart(self) -> Iterator[Work]:
        """A unit of work in a writing transaction of its own, committed at the end.

        For what must be kept whatever becomes of this one. Raises TransactionOpen while this one is
        in a transaction, because on SQLite the two would wait for each other.
        """
        self.require_settled()
        with self.instance.work(self.actor) as other:
            yield replace(other, now=self.now)

    def acting_as(self, actor: Actor) -> Work:
        """The same unit of work for another actor (after a sign-in)."""
        return replace(self, actor=actor)
