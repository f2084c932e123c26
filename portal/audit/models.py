"""The record of what happened: rows are added, never changed.

Except that closed accounts leave no network behind, and that what stands in nobody's history goes after a month.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.model import Base


class Entry(Base):
    """One event. `id` grows with time, so a page of the history is cut by key and not by offset."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_account_id_id", "account_id", "id"),
        Index("ix_events_project_id_id", "project_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    account_id: Mapped[UUID | None]
    project_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    address: Mapped[str]
    browser: Mapped[str]
