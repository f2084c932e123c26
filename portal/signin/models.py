"""Live sessions and half-made sign-ins: the server knows both, a browser carries only a secret."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.deferred import Deferred
from portal.kernel.model import Base


class Mode(StrEnum):
    """How a browser proves that it is the one that signed in."""

    COOKIE = "cookie"
    LIMITED = "limited"


class Asker(StrEnum):
    """From where else the address of a session in limited mode has been asked for."""

    NETWORK = "network"
    BROWSER = "browser"


class Session(Base):
    """A person signed in with one browser. Only SHA-256 hashes of its secrets are kept.

    `previous_hash` is the secret before the last change of it: it answers reading until `previous_until`.
    `idle_seconds` is what the person chose; `expires_at` is absolute.
    `asked_from`: below a handle, that its address was asked for from elsewhere (`Asker`) and nobody there has shown who
    they are.
    `results` are sentences about the last action, for the title of the next page: [message, values].
    """

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account_id_created_at", "account_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    mode: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    previous_hash: Mapped[bytes | None] = mapped_column(unique=True)
    previous_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    confirmed_at: Mapped[datetime]
    address: Mapped[str]
    browser: Mapped[str]
    tells_site: Mapped[bool]
    failures: Mapped[int]
    ended_at: Mapped[datetime | None]
    asked_from: Mapped[str | None]
    results: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class PasswordStep(Base):
    """A right password whose code is still missing: one purpose, few tries, used once."""

    __tablename__ = "password_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    epoch: Mapped[int]
    tries: Mapped[int]
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ClosedWay(Deferred, Base):
    """The last free attempt for some name failed.

    What they typed is sealed; the worker finds out whose it is, so that the answer takes as long for any name.
    """

    __tablename__ = "closed_ways"
