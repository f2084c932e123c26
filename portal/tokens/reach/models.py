"""Tokens that an owner of a project has cut off from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.model import Base


class TokenCut(Base):
    """This token can't upload to this project any more. Rows are only ever added."""

    __tablename__ = "token_cuts"

    token_id: Mapped[UUID] = mapped_column(ForeignKey("tokens.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    cut_at: Mapped[datetime]
