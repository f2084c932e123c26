"""What people read of a project, a release or a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from packaging.utils import canonicalize_version
from packaging.version import Version
from sqlalchemy import exists, select

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.kernel.errors import NotFound
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.models import OWNER, QUARANTINED, File, Project, Release, Role
from portal.projects.names import VERSION_LIMIT


@dataclass(frozen=True)
class Member:
    """Somebody with a role in a project."""

    username: str
    owner: bool


@dataclass(frozen=True)
class ReleaseRead:
    """One release of a project with its `files`, by name, and the people of the project."""

    project: Project
    release: Release
    files: list[File]
    members: list[Member]


@dataclass(frozen=True)
class ReleasePage(ReleaseRead):
    """The same, and all releases and files of that project, newest version first."""

    latest: Release
    releases: list[Release]
    all_files: list[File]


def newest_releases(work: Work, most: int) -> list[tuple[Project, Release]]:
    """What was released last, newest first."""
    query = select(Project, Release).join(Release, Release.project_id == Project.id)
    shown = query.where(Project.status != QUARANTINED).order_by(Release.created_at.desc(), Release.id).limit(most)
    return [(project, release) for project, release in work.db.execute(shown)]


def newest_projects(work: Work, most: int) -> list[Project]:
    """What came to the index last and has a page, newest first."""
    query = select(Project).where(Project.status != QUARANTINED, exists().where(Release.project_id == Project.id))
    return list(work.db.scalars(query.order_by(Project.created_at.desc(), Project.id).limit(most)))


def newest_releases_of(work: Work, name: str, most: int) -> tuple[Project, list[Release]]:
    """A project, and what was released of it last, newest first. Raises NotFound, also where there is no release."""
    project = _open(projects.find(work, name))
    query = select(Release).where(Release.project_id == project.id)
    found = list(work.db.scalars(query.order_by(Release.created_at.desc(), Release.id).limit(most)))
    if not found:
        raise NotFound
    return project, found


def latest_page(work: Work, name: str) -> ReleasePage:
    """The page of a project: its latest release. Raises NotFound."""
    return _page(work, projects.find(work, name), None)


def release_page(work: Work, name: str, version: str) -> ReleasePage:
    """The page of one release, its version in any spelling (PEP 440). Raises NotFound."""
    return _page(work, projects.find(work, name), _canonical(version))


def one_release(work: Work, name: str, version: str) -> ReleaseRead:
    """One release, its version in any spelling, and nothing of the others. Raises NotFound."""
    project = _open(projects.find(work, name))
    release = projects.release_or_none(work, project.id, _canonical(version))
    if release is None:
        raise NotFound
    own = select(File).where(File.release_id == release.id).order_by(File.filename)
    return ReleaseRead(project, release, list(work.db.scalars(own)), _members(work, project.id))


def person(work: Work, username: str) -> tuple[str, list[tuple[Project, str]]]:
    """A person's name as it is written, and their role in each project that has a page. Raises NotFound."""
    account = accounts.by_username_or_none(work, username)
    if account is None or account.emptied_at is not None:
        raise NotFound
    held = projects.owned(work, account.id)
    shown = projects.shown(work, [project for project, _role in held])
    return account.username, [(project, role) for project, role in held if project.id in shown]


def _open(project: Project) -> Project:
    """The project, if it is shown to anybody. Raises NotFound."""
    if project.status == QUARANTINED:
        raise NotFound
    return project


def _canonical(version: str) -> str:
    # Python refuses to read numbers of thousands of digits with another error.
    if len(version) > VERSION_LIMIT:
        raise NotFound
    return canonicalize_version(version)


def _page(work: Work, project: Project, canonical: str | None) -> ReleasePage:
    files = projects.files(work, _open(project).id)
    usable = {file.release_id for file in files if not file.yanked}
    found = {release.canonical: release for release in projects.releases(work, project.id)}
    wanted = None if canonical is None else found.get(canonical)
    if not found or (canonical is not None and wanted is None):
        raise NotFound
    versions = {release.id: Version(release.version) for release in found.values()}
    newest_first = sorted(found.values(), key=lambda release: versions[release.id], reverse=True)
    latest = max(found.values(), key=lambda release: _rank(release.id, versions[release.id], usable))
    release = wanted or latest
    own = [file for file in files if file.release_id == release.id]
    return ReleasePage(project, release, own, _members(work, project.id), latest, newest_first, files)


def latest_releases(work: Work, project_ids: Collection[UUID]) -> dict[UUID, Release]:
    """The latest release of each of these projects that has one, by the id of the project."""
    own = File.project_id.in_(project_ids)
    usable = set(work.db.scalars(select(File.release_id).where(own, File.yanked.is_(False)).distinct()))
    of: dict[UUID, list[tuple[UUID, Version]]] = {}
    # Of projects with thousands of releases one is shown: what the others say is not read.
    versions = select(Release.project_id, Release.id, Release.version).where(Release.project_id.in_(project_ids))
    for project_id, release_id, version in work.db.execute(versions):
        of.setdefault(project_id, []).append((release_id, Version(version)))
    wanted = [max(found, key=lambda each: _rank(each[0], each[1], usable))[0] for found in of.values()]
    return {release.project_id: release for release in work.db.scalars(select(Release).where(Release.id.in_(wanted)))}


def _rank(release_id: UUID, version: Version, usable: Collection[UUID]) -> tuple[bool, bool, Version]:
    """The newest version is the latest; one that is yanked or a pre-release only where there is no other."""
    return release_id in usable, not version.is_prerelease, version


def _members(work: Work, project_id: UUID) -> list[Member]:
    query = select(Account.username, Role.role).join(Role, Role.account_id == Account.id)
    rows = work.db.execute(query.where(Role.project_id == project_id).order_by(Account.username_key))
    return [Member(username, role == OWNER) for username, role in rows]
