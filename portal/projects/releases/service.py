"""Withdrawing, restoring and deleting what was uploaded. Whether somebody may is for the caller to ask.

What is deleted is gone at once from every page and from `/files/`; its bytes go with the next sweep of
the file store. Its name stays in `Deleted`, in the same transaction, and is never used again.

Every change holds the project's row first, then writes files, then records: so none waits for another in a ring.
Nothing changes in a project that is in quarantine: each function that changes something raises InQuarantine there.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from packaging.utils import canonicalize_version
from sqlalchemy import delete, or_, select, update

from portal.kernel.errors import NotFound
from portal.kernel.model import Base
from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.projects.lifecycle.service import hold_changeable
from portal.projects.members.service import usernames
from portal.projects.models import FILE, PROJECT, Deleted, File, Project, Release
from portal.projects.names import VERSION_LIMIT, alike
from portal.projects.releases.events import (
    FileDeleted,
    FileRestored,
    FileYanked,
    ProjectDeleted,
    ReleaseDeleted,
    ReleaseRestored,
    ReleaseYanked,
    TheirProjectDeleted,
)
from portal.projects.service import members


def find_release(work: Work, project: Project, version: str) -> Release:
    """A release by its version in any spelling (PEP 440). Raises NotFound."""
    # Python refuses to read numbers of thousands of digits with another error.
    canonical = canonicalize_version(version) if len(version) <= VERSION_LIMIT else ""
    found = work.db.scalar(select(Release).where(Release.project_id == project.id, Release.canonical == canonical))
    if found is None:
        raise NotFound
    return found


def reason_of(files: Collection[File]) -> str:
    """Why these files, or some of them, were withdrawn; empty where nobody said."""
    return next((file.yanked_reason for file in files if file.yanked and file.yanked_reason), "")


def files_of(work: Work, release: Release) -> list[File]:
    """The files of a release, by name."""
    return list(work.db.scalars(select(File).where(File.release_id == release.id).order_by(File.filename)))


def find_file(work: Work, release: Release, filename: str) -> File:
    """A file of a release. Raises NotFound."""
    found = work.db.scalar(select(File).where(File.release_id == release.id, File.filename == filename))
    if found is None:
        raise NotFound
    return found


def yank_release(work: Work, project: Project, release: Release, reason: str, *, by: UUID) -> bool:
    """Withdraw every file of a release, with one reason, which may be empty (PEP 592); False where it is so already."""
    hold_changeable(work, project.id)
    if not _set_yanked(work, [file.id for file in files_of(work, release)], reason):
        return False
    told = ReleaseYanked(
        account_id=by, project_id=project.id, project=project.name, version=release.version, reason=reason
    )
    work.record(told)
    return True


def restore_release(work: Work, project: Project, release: Release, *, by: UUID) -> bool:
    """Offer every file of a release again; False where all are offered already."""
    hold_changeable(work, project.id)
    if not _set_yanked(work, [file.id for file in files_of(work, release)], None):
        return False
    work.record(ReleaseRestored(account_id=by, project_id=project.id, project=project.name, version=release.version))
    return True


def yank_file(work: Work, project: Project, file: File, reason: str, *, by: UUID) -> bool:
    """Withdraw one file, with a reason, which may be empty; False where it is so already."""
    hold_changeable(work, project.id)
    if not _set_yanked(work, [file.id], reason):
        return False
    told = FileYanked(account_id=by, project_id=project.id, project=project.name, filename=file.filename, reason=reason)
    work.record(told)
    return True


def restore_file(work: Work, project: Project, file: File, *, by: UUID) -> bool:
    """Offer one file again; False where it is offered already."""
    hold_changeable(work, project.id)
    if not _set_yanked(work, [file.id], None):
        return False
    work.record(FileRestored(account_id=by, project_id=project.id, project=project.name, filename=file.filename))
    return True


def delete_file(work: Work, project: Project, file: File, *, by: UUID) -> None:
    """Delete one file for good."""
    hold_changeable(work, project.id)
    _hold(work, file.release_id)
    _bury(work, [file])
    work.record(FileDeleted(account_id=by, project_id=project.id, project=project.name, filename=file.filename))


def delete_release(work: Work, project: Project, release: Release, *, by: UUID) -> None:
    """Delete a release with its files for good."""
    hold_changeable(work, project.id)
    _hold(work, release.id)
    _bury(work, files_of(work, release))
    work.db.execute(delete(Release).where(Release.id == release.id))
    work.record(ReleaseDeleted(account_id=by, project_id=project.id, project=project.name, version=release.version))


def delete_project(work: Work, project: Project, *, by: UUID) -> None:
    """Delete a project for good, with whatever belongs to it: its releases, files and roles."""
    hold_changeable(work, project.id)
    _bury(work, list(work.db.scalars(select(File).where(File.project_id == project.id))))
    _name_deleted(work, PROJECT, [project.normalized])
    work.record(ProjectDeleted(account_id=by, project_id=project.id, project=project.name))
    _tell_others(work, project, by=by)
    for table in reversed(Base.metadata.sorted_tables):
        for key in table.foreign_keys:
            if key.column is Project.__table__.c.id:
                work.db.execute(table.delete().where(key.parent == project.id))
    work.db.execute(delete(Project).where(Project.id == project.id))
    work.db.expire_all()


def _tell_others(work: Work, project: Project, *, by: UUID) -> None:
    """Put it into the histories of the others who had a role: that of the project can't be opened any more."""
    name = usernames(work, [by])[by]
    for account_id, _role in members(work, project.id):
        if account_id != by:
            work.record(TheirProjectDeleted(account_id=account_id, project=project.name, by=name))


def _set_yanked(work: Work, file_ids: Collection[UUID], reason: str | None) -> bool:
    """Withdraw files, with this reason; None: offer them again. Whether that changed anything."""
    yanked, told = reason is not None, reason or None
    other = or_(File.yanked != yanked, File.yanked_reason.is_distinct_from(told))
    changed = update(File).where(File.id.in_(file_ids), other).values(yanked=yanked, yanked_reason=told)
    found = work.db.scalars(changed.returning(File.id).execution_options(synchronize_session="fetch"))
    return bool(found.all())


def _hold(work: Work, release_id: UUID) -> None:
    """Let nobody else add to it or change it before this transaction ends. Raises NotFound where it is gone."""
    if work.db.scalar(select(Release.id).where(Release.id == release_id).with_for_update()) is None:
        raise NotFound


def _bury(work: Work, files: Collection[File]) -> None:
    _name_deleted(work, FILE, [file.key for file in files])
    work.db.execute(delete(File).where(File.id.in_([file.id for file in files])))


def _name_deleted(work: Work, kind: str, names: Collection[str]) -> None:
    if names:
        insert = INSERTS[work.db.get_bind().dialect.name](Deleted)
        rows = [
            {"kind": kind, "name": name, "alike": alike(name) if kind == PROJECT else None, "deleted_at": work.now}
            for name in names
        ]
        work.db.execute(insert.values(rows).on_conflict_do_nothing())
