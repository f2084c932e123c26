"""What strangers have pasted, until the worker looks at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.model import Base


class FoundToken(Base):
    """A text that may hold a token; sealed, because it may be one that works."""

    __tablename__ = "found_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    body: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)
