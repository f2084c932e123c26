"""Recoveries: who started one, how far it is, how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.model import Base

OPEN = text("ended_at IS NULL")


class State(StrEnum):
    """How far a recovery is. The first three are open, one an account."""

    ASKED = "asked"
    """Another administrator has to approve it."""
    WAITING = "waiting"
    """The person can stop it; nothing else happens before `due_at`."""
    SENT = "sent"
    """The link is with the person, until `due_at`."""
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Recovery(Base):
    """One recovery. `started_by` is None where the operator started it on the command line."""

    __tablename__ = "recoveries"
    __table_args__ = (
        Index("uq_recoveries_open", "account_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_recoveries_state_due_at", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    state: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
