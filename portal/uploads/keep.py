"""Keeping a file that has passed every check: written out, renamed, its folder written out, and only then
named by a row. A row therefore never names a file that a power cut could take away; a file that no row
names, because the process died between the two, is removed by the sweep."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from packaging.utils import canonicalize_version
from sqlalchemy import bindparam, select

from portal.kernel.ids import new_id
from portal.kernel.once import unless_there
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.errors import NameTaken
from portal.projects.events import FileUploaded
from portal.projects.filenames import file_key
from portal.projects.models import FILE, METADATA_SUFFIX, File, Project, Release
from portal.projects.store import FileStore
from portal.tokens import policy
from portal.tokens.policy import Bearer
from portal.uploads import errors, flaws
from portal.uploads.admission import BAD_NAMES, bad_name, check_age, check_project, check_size, held_by
from portal.uploads.declared import SDIST, WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.metadata import Described
from portal.uploads.receive import Spooled, spool

METADATA_KEPT = 4
"""How many times metadata is kept: beside the file, in its release, rendered, and in the documents of the JSON API."""

# Built once: each upload asks them, and to build a statement costs more than to run it.
_SAME_NAME = select(File.filename, File.sha256).where(File.key == bindparam("key"))
_SAME_CONTENT = (
    select(File.filename)
    .join(Project, File.project_id == Project.id)
    .where(
        File.sha256 == bindparam("sha256"),
        Project.normalized == bindparam("normalized"),
        File.filename != bindparam("filename"),
    )
    .limit(1)
)
_ADD_FILE = unless_there(File, File.id)
_ADD_RELEASE = unless_there(Release, Release.id)
_RELEASE = (
    select(Release.id, Release.version, Release.created_at)
    .where(Release.project_id == bindparam("project_id"), Release.canonical == bindparam("canonical"))
    .with_for_update()
)


@dataclass(frozen=True)
class Taken:
    """A file that lies on the index; `new` is false where the same file lay there before, `kept` after a dry run.

    `token_ends` is when the token ends that was used, if that is soon.
    """

    filename: str
    new: bool = True
    kept: bool = True
    token_ends: datetime | None = None


def existing(work: Work, spooled: Spooled, what: Declared) -> Taken | None:
    """The same upload, done before. Raises Refusal where the name is or was another file's, or the content is."""
    row = work.db.execute(_SAME_NAME, {"key": file_key(spooled.name)}).one_or_none()
    if row is None:
        _check_new_file(work, spooled, what)
        return None
    filename, held = row
    if filename != spooled.name and what.filetype == SDIST:
        raise Refusal(flaws.SECOND_SDIST, filename=filename)
    if held != spooled.digests["sha256"]:
        raise Refusal(flaws.FILE_EXISTS, filename=filename)
    if filename != spooled.name:
        raise Refusal(flaws.SAME_CONTENT, filename=filename)
    return Taken(spooled.name, new=False)


def _check_new_file(work: Work, spooled: Spooled, what: Declared) -> None:
    if projects.was_deleted(work, FILE, spooled.name):
        raise Refusal(flaws.FILE_DELETED, filename=spooled.name)
    _check_content(work, what, spooled.name, spooled.digests["sha256"])


def _check_content(work: Work, what: Declared, filename: str, sha256: str) -> None:
    """Raise Refusal where the project has this content under another name."""
    of = {"sha256": sha256, "normalized": what.normalized, "filename": filename}
    if other := work.db.scalar(_SAME_CONTENT, of):
        raise Refusal(flaws.SAME_CONTENT, filename=other)


def keep(work: Work, bearer: Bearer, spooled: Spooled, *, what: Declared, about: Described, metadata: bytes) -> Taken:
    """Move the file into the store and commit its row. Raises Refusal and TokenRefused. No transaction may be open."""
    work.require_settled()
    file_id = new_id()
    key = f"{file_id.hex[:2]}/{file_id.hex}/{spooled.name}"
    row = _row(bearer, spooled, what, about, file_id=file_id, key=key, metadata_size=len(metadata))
    sources = {key: spooled.path}
    with spool(work) as companion:
        if what.filetype == WHEEL:
            companion.handle.write(metadata)
            companion.handle.flush()
            sources[key + METADATA_SUFFIX] = companion.path
            row["metadata_sha256"] = hashlib.sha256(metadata).hexdigest()
        work.port(FileStore).put(sources)
        taken = _commit(work, bearer, row, what, about)
        if taken is None:
            taken = existing(work, spooled, what)
            policy.note_use(work, bearer)
        work.settle()
    if taken is None:
        raise Refusal(flaws.FILE_EXISTS, filename=spooled.name)
    return taken


def rehearse(
    work: Work, bearer: Bearer, spooled: Spooled, *, what: Declared, about: Described, metadata: bytes
) -> None:
    """Do what `keep` does with the database, and take it back. Raises what `keep` raises."""
    work.require_settled()
    row = _row(bearer, spooled, what, about, file_id=new_id(), key=spooled.name, metadata_size=len(metadata))
    try:
        _commit(work, bearer, row, what, about)
    finally:
        work.db.rollback()


def _row(
    bearer: Bearer, spooled: Spooled, what: Declared, about: Described, *, file_id: UUID, key: str, metadata_size: int
) -> dict[str, Any]:
    return {
        "id": file_id,
        "filename": spooled.name,
        "filetype": what.filetype,
        "python_version": what.python_version,
        "size": spooled.size,
        "footprint": spooled.size + METADATA_KEPT * metadata_size,
        "sha256": spooled.digests["sha256"],
        "blake2_256": spooled.digests["blake2_256"],
        "requires_python": about.requires_python,
        "metadata_sha256": None,
        "path": key,
        "uploaded_by": bearer.account_id,
        "yanked": False,
    }


def _commit(work: Work, bearer: Bearer, row: dict[str, Any], what: Declared, about: Described) -> Taken | None:
    """The one writing transaction: everything that was checked before is checked again by what it writes.

    None, and nothing written, where another upload of this file name was first.
    """
    work = work.at_present()
    token = policy.confirm(work, bearer)
    project, created = _project(work, bearer, what)
    release_id, version = _release(work, bearer, project, about)
    policy.spend(work, bearer, token, project.normalized, project_id=project.id, version=version, created=created)
    values = {**row, "project_id": project.id, "release_id": release_id, "uploaded_at": work.now}
    if work.db.scalar(_ADD_FILE(work), values) is None:
        work.db.rollback()
        return None
    # Asked again behind the lock of the release: the file of this name may have been deleted meanwhile.
    if projects.was_deleted(work, FILE, row["filename"]):
        raise Refusal(flaws.FILE_DELETED, filename=row["filename"])
    # Behind the lock of the project: of several that come at once, under two names or with this one too many, one is.
    _check_content(work, what, row["filename"], row["sha256"])
    check_size(work, what, held_by(work, project))
    work.record(
        FileUploaded(
            account_id=bearer.account_id,
            project_id=project.id,
            project=project.name,
            version=version,
            filename=row["filename"],
            token=bearer.label,
            token_id=bearer.token_id,
            chosen=token is not None and token.projects is not None,
        )
    )
    return Taken(row["filename"])


def _project(work: Work, bearer: Bearer, what: Declared) -> tuple[Project, bool]:
    """The project, and whether it was created here and now."""
    project, created = projects.hold(work, what.name), False
    if project is None:
        try:
            project, created = projects.create(work, what.name, bearer.account_id), True
        except NameTaken:
            project = projects.hold(work, what.name)
        except BAD_NAMES as error:
            raise bad_name(what.name, error) from error
    if project is None:
        raise Refusal(errors.NAME_DELETED, name=what.name)
    check_project(work, bearer, project)
    return project, created


def _release(work: Work, bearer: Bearer, project: Project, about: Described) -> tuple[UUID, str]:
    """Id and version of the release, made from the metadata of its first file; held until the commit."""
    canonical = canonicalize_version(about.version)
    values: dict[str, Any] = {
        "id": new_id(),
        "project_id": project.id,
        "version": str(about.version),
        "canonical": canonical,
        "created_at": work.now,
        "summary": about.summary,
        "description": about.description,
        "description_content_type": about.description_content_type,
        "description_waits": bool(about.description),
        "requires_python": about.requires_python,
        "metadata": about.rest,
        "token_id": bearer.token_id,
    }
    if work.db.scalar(_ADD_RELEASE(work), values) is not None:
        return values["id"], values["version"]
    held = work.db.execute(_RELEASE, {"project_id": project.id, "canonical": canonical}).one_or_none()
    if held is None:
        # Deleted while this waited for its lock: then it is made anew.
        return _release(work, bearer, project, about)
    check_age(work, project, held.version, held.created_at)
    return held.id, held.version
