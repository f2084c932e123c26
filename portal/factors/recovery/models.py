"""Recovery codes as they are kept: a public selector and an Argon2id hash each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.model import Base


class RecoverySet(Base):
    """The one list of recovery codes that an account has. A new list changes `set_id`."""

    __tablename__ = "recovery_sets"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    set_id: Mapped[UUID]
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """One recovery code. `selector` is public and picks the row; `secret_hash` is of the other 80 bits."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    selector: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    used_at: Mapped[datetime | None]
