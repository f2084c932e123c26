"""API tokens as they are kept: never the token itself, only the key that made it, sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.ids import new_id, started
from portal.kernel.model import Base
from portal.tokens.limits import Limit, Limits, NewProject, ProjectNames, UploadsLeft, read

May = Literal["upload", "download"]
State = Literal["works", "expired", "revoked"]
UPLOAD: May = "upload"
DOWNLOAD: May = "download"


class TokenLimit(Base):
    """One limit of a token, as a caveat: those chosen at its creation, and those by which it was narrowed later.

    Rows are only ever added, so that of two who narrow at the same instant both have their way.
    """

    __tablename__ = "token_limits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_id: Mapped[UUID] = mapped_column(ForeignKey("tokens.id", ondelete="CASCADE"), index=True)
    caveat: Mapped[str]
    added_at: Mapped[datetime]


class TokenNetwork(Base):
    """A network (IPv4 /16, IPv6 /32) from which a token was used."""

    __tablename__ = "token_networks"

    token_id: Mapped[UUID] = mapped_column(ForeignKey("tokens.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(primary_key=True)


class Token(Base):
    """One API token. `id` is public; it is the identifier inside the macaroon.

    `live_name` is the name in its compared form while the token works and was not replaced, then None: names are
    unique among those. A revoked token keeps its key, so that its holder can be told why it is refused.
    `may` is the one thing that it is for: uploads, or downloads from an index that only members read. `minted` ones
    were made for a program, for minutes.
    `expires_at` is the earliest end of all its limits, for queries. `uploads_left`, `new_project` and
    `new_project_id` are the limits that change with each use (`portal.tokens.limits.state`). `last_address` and
    `last_client` say from where and with what it was used last. `reminded` is the number of days before its end
    of which its owner was reminded last. `last_refused_at` is when a refused use was told last, `copy_refused_at` the
    same of narrowed copies. `replaced_by` is the token that took its place.
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
    may: Mapped[May] = mapped_column(String(), default=UPLOAD)
    created_at: Mapped[datetime]
    created_with_2fa: Mapped[bool]
    minted: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    uploads_left: Mapped[int | None]
    new_project: Mapped[str | None]
    new_project_id: Mapped[UUID | None]
    last_used_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(default="")
    last_client: Mapped[str] = mapped_column(default="")
    last_refused_at: Mapped[datetime | None]
    copy_refused_at: Mapped[datetime | None]
    elsewhere_told_at: Mapped[datetime | None]
    reminded: Mapped[int | None]
    replaced_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    rows: Mapped[list[TokenLimit]] = relationship(lazy="selectin", order_by=TokenLimit.added_at, passive_deletes=True)

    def state(self, now: datetime) -> State:
        """How things stand with it at this instant; revoked counts before expired."""
        if self.revoked_at is not None:
            return "revoked"
        return "works" if self.expires_at is None or self.expires_at > now else "expired"

    @property
    def start(self) -> str:
        """How its id begins: two tokens of one name are told apart by it."""
        return started(self.id)

    @property
    def successor(self) -> str:
        """How the id of the token begins that took its place; empty where none did."""
        return "" if self.replaced_by is None else started(self.replaced_by)

    @property
    def title(self) -> str:
        """Its name, with the start of its id where another token may have the same name."""
        return self.name if self.live_name is not None else f"{self.name}, {self.start}"

    @property
    def limits(self) -> Limits:
        """All that is known of its limits here; a copy that somebody narrowed holds more."""
        return read(row.caveat for row in self.rows).also(self.changing)

    @property
    def changing(self) -> list[Limit]:
        """Its limits that change with each use."""
        left = [] if self.uploads_left is None else [UploadsLeft(self.uploads_left)]
        return [*left, *([] if self.new_project is None else [NewProject(self.new_project, self.new_project_id)])]

    @property
    def projects(self) -> list[str] | None:
        """The chosen projects by normalized name, in their order; None for everything its owner may upload to."""
        found = self.limits.get(ProjectNames)
        return None if found is None else sorted(found.names)
