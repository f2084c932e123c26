"""The outbox, and who may work on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.model import Base


class Letter(Base):
    """A letter to be sent. `recipient` and `body` are sealed, and emptied once it has been sent.

    `account_id` is who learns that it was refused; None for a letter to somebody without an account.

    `next_try_at` is also the claim: whoever moves it forward may send, and a claim that was not
    finished falls due again by itself.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "ix_letters_due",
            "next_try_at",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID | None]
    recipient: Mapped[bytes | None]
    body: Mapped[bytes | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]


class Lease(Base):
    """A task that one process at a time may do, until its lease ends."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[UUID]
    until: Mapped[datetime]
