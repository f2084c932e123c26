"""Invitations to work on a project."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.model import Base

OPEN = text("ended_at IS NULL")


class ProjectInvitation(Base):
    """Somebody may take a role in a project, until `expires_at`; one at a time for each person and project.

    Accepted, declined or withdrawn, it has ended, once. Nothing in it is secret: only `account_id` can answer it.
    """

    __tablename__ = "project_invitations"
    __table_args__ = (
        Index(
            "uq_project_invitations_open",
            "project_id",
            "account_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
