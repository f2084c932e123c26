"""What installers read, rendered once and stored as it is served."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.model import Base

ROOT = ""
STALE = text("stale")


class Rendering(Base):
    """One page in one format. `name` is the normalized project name, or `ROOT` for the list of projects.

    A change on the index raises `version` and sets `stale`; who renders stores its bytes only for the
    version that it has read. `recipe` says what else it was rendered with: the form that this release of the
    software gives it, and the address of the index. `serial` is the number of the project's last change among
    all changes of the index; that of `ROOT` is the number of the last change of all. The bytes come last, so
    that reading the other columns does not touch them; an empty body says that there is nothing to tell.
    """

    __tablename__ = "renderings"
    __table_args__ = (
        Index("ix_renderings_stale", "stale", sqlite_where=STALE, postgresql_where=STALE),
        Index("ix_renderings_serial", "serial"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    stale: Mapped[bool]
    changed_at: Mapped[datetime]
    serial: Mapped[int] = mapped_column(BigInteger(), default=0)
    recipe: Mapped[str] = mapped_column(default="")
    etag: Mapped[str] = mapped_column(default="")
    body: Mapped[bytes] = mapped_column(default=b"")
    body_gzip: Mapped[bytes] = mapped_column(default=b"")


class SearchProgress(Base):
    """The one row (id 1) that says up to which change the search knows the projects."""

    __tablename__ = "search_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger())


class DescriptionTurn(Base):
    """Whose description was rendered when, so that all take turns; the highest `turn` was the last.

    `holder` is the account that uploaded it or, where that is no more, the project.
    """

    __tablename__ = "description_turns"

    holder: Mapped[UUID] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(BigInteger())
