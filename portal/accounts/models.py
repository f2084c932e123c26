"""Who has an account, under which name, reachable where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.deferred import Deferred
from portal.kernel.ids import new_id
from portal.kernel.model import Base

USERNAME_LIMIT = 50
EMAIL_LIMIT = 254

CONFIRMED = text("confirmed_at IS NOT NULL")
PRIMARY = text("is_primary")


class Account(Base):
    """A person. `epoch` grows whenever a credential changes: what was sealed before is void then.

    Between closing and the end of it, `closes_at` says when that end is. From then `emptied_at` is set and nothing
    is left but the name, so that it is never given to somebody else.
    """

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(USERNAME_LIMIT))
    username_key: Mapped[str] = mapped_column(String(USERNAME_LIMIT), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    epoch: Mapped[int] = mapped_column(default=0)
    is_admin: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    emptied_at: Mapped[datetime | None]


class Address(Base):
    """An e-mail address of an account. Unconfirmed it proves nothing; confirmed it belongs to one account.

    `refused_at`: when a mail server refused for good what was sent there for this account; None once it takes a letter.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        Index(
            "uq_addresses_confirmed_email_key",
            "email_key",
            unique=True,
            sqlite_where=CONFIRMED,
            postgresql_where=CONFIRMED,
        ),
        Index("uq_addresses_primary", "account_id", unique=True, sqlite_where=PRIMARY, postgresql_where=PRIMARY),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LIMIT))
    email_key: Mapped[str] = mapped_column(String(EMAIL_LIMIT), index=True)
    confirmed_at: Mapped[datetime | None]
    is_primary: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    refused_at: Mapped[datetime | None]


class Ticket(Base):
    """An e-mailed link: one purpose, one account, at most one address, used once. Only its hash is kept."""

    __tablename__ = "tickets"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("addresses.id", ondelete="CASCADE"))
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A letter that lets its reader register; the link proves the address. Only its hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(EMAIL_LIMIT))
    email_key: Mapped[str] = mapped_column(String(EMAIL_LIMIT), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class PendingReset(Deferred, Base):
    """Somebody asked for a letter to choose a new password. What they typed is sealed; the worker reads it."""

    __tablename__ = "pending_resets"


class Setup(Base):
    """The one row (id 1) that tells whether the first administrator exists, and the hash of the link to become it."""

    __tablename__ = "setup"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret_hash: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
