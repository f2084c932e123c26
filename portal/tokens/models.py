"""API tokens as they are kept: never the token itself, only the key that made it, sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.model import Base

May = Literal["upload", "download"]
State = Literal["works", "expired", "revoked"]
UPLOAD: May = "upload"
DOWNLOAD: May = "download"


class Token(Base):
    """One API token. `id` is public; it is the identifier inside the macaroon.

    `projects` holds the normalized names chosen at creation, None for everything the account may
    upload to. `live_name` is the name in its compared form while the token works, then None: names
    are unique among the working tokens of an account. A revoked token keeps its key, so that its
    holder can be told why it is refused. `may` is the one thing that it is for: uploads, or downloads
    from an index that only members read.
    """

    __tablename__ = "tokens"
    __table_args__ = (
        UniqueConstraint("account_id", "live_name"),
        Index("ix_tokens_account_id_created_at", "account_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str]
    live_name: Mapped[str | None]
    sealed_key: Mapped[bytes]
    may: Mapped[str] = mapped_column(default=UPLOAD)
    projects: Mapped[list[str] | None]
    created_at: Mapped[datetime]
    created_with_2fa: Mapped[bool]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_refused_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def state(self, now: datetime) -> State:
        """How things stand with it at this instant; revoked counts before expired."""
        if self.revoked_at is not None:
            return "revoked"
        return "works" if self.expires_at is None or self.expires_at > now else "expired"
