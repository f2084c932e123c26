"""What lies on the index, and who may put it there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.ids import new_id
from portal.kernel.model import Base
from portal.projects.filenames import file_key
from portal.projects.names import alike

RoleName = Literal["owner", "maintainer"]
OWNER: RoleName = "owner"
MAINTAINER: RoleName = "maintainer"

Status = Literal["active", "archived", "quarantined", "deprecated"]
ACTIVE: Status = "active"
ARCHIVED: Status = "archived"
QUARANTINED: Status = "quarantined"
DEPRECATED: Status = "deprecated"
OPEN: frozenset[str] = frozenset({ACTIVE, DEPRECATED})
"""Which take uploads (PEP 792)."""
WAITING = text("description_waits")
LONG: dict[str, Any] = {"deferred": True, "deferred_group": "long"}


def _alike(context: Any) -> str:
    return alike(context.get_current_parameters()["name"])


def _footprint(context: Any) -> int:
    return int(context.get_current_parameters()["size"])


def _key(context: Any) -> str:
    return file_key(context.get_current_parameters()["filename"])


class Project(Base):
    """A name on the index. `normalized` (PEP 503) is unique and is never given to anybody else.

    So is `alike`, by which names are equal that people take for each other. `status_reason` is what readers are told
    of the status; in quarantine, `former_status` and `former_reason` are those that come back when it ends.
    """

    __tablename__ = "projects"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    normalized: Mapped[str] = mapped_column(unique=True)
    alike: Mapped[str] = mapped_column(unique=True, default=_alike)
    created_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default=ACTIVE)
    status_reason: Mapped[str] = mapped_column(default="")
    former_status: Mapped[str | None]
    former_reason: Mapped[str] = mapped_column(default="")


class Role(Base):
    """What one account may do with one project, since when: `owner` or `maintainer`; both may upload."""

    __tablename__ = "project_roles"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str]
    since: Mapped[datetime]


class Release(Base):
    """One version of a project, described by the metadata of its first file.

    `version` is shown; `canonical` (PEP 440, no trailing zeros) is the same for 1.0 and 1.0.0.
    `description_html` is the description made harmless; None while it `description_waits`, and where that fails.
    `core_metadata` holds every other core metadata field of that file as `packaging.metadata.RawMetadata`
    names them (``home_page``, ``requires_dist`` …): text, lists of text, and ``project_urls`` as label → URL.
    These three are long, and read only of the release that asks for them: a project may have thousands.
    `token_id` is the API token whose upload made it.
    """

    __tablename__ = "releases"
    __table_args__ = (
        UniqueConstraint("project_id", "canonical"),
        Index("ix_releases_waiting", "created_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    version: Mapped[str]
    canonical: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="", **LONG)
    description_content_type: Mapped[str] = mapped_column(default="")
    description_html: Mapped[str | None] = mapped_column(**LONG)
    description_waits: Mapped[bool] = mapped_column(default=False)
    requires_python: Mapped[str | None]
    core_metadata: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict, **LONG)
    token_id: Mapped[UUID | None]


class File(Base):
    """One uploaded artefact. `path` is its key in the file store, `METADATA_SUFFIX` added: its metadata (PEP 658).

    `key` is the same for all spellings of its name (`portal.projects.filenames`). `footprint` is how many bytes the
    index keeps because of it: the file itself, and what is written down, stored and rendered of its metadata.
    """

    __tablename__ = "files"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"), index=True)
    filename: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True, default=_key)
    filetype: Mapped[str]
    python_version: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    footprint: Mapped[int] = mapped_column(BigInteger(), default=_footprint)
    sha256: Mapped[str] = mapped_column(index=True)
    blake2_256: Mapped[str]
    requires_python: Mapped[str | None]
    metadata_sha256: Mapped[str | None]
    path: Mapped[str] = mapped_column(unique=True)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    yanked: Mapped[bool] = mapped_column(default=False)
    yanked_reason: Mapped[str | None]


class Deleted(Base):
    """A name that was used and is never used again: of a file by its `key`, or of a project in its normalized form.

    `alike` is the project's, so that nobody takes a name that people take for it; None for a file.
    """

    __tablename__ = "deleted_names"

    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    alike: Mapped[str | None] = mapped_column(index=True)
    deleted_at: Mapped[datetime]


FILE = "file"
PROJECT = "project"
METADATA_SUFFIX = ".metadata"
