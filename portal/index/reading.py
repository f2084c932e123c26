"""What people read of a project, a release or a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from packaging.utils import canonicalize_version
from packaging.version import Version
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.kernel.errors import NotFound
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.models import OWNER, QUARANTINED, File, Project, Release, Role

NEWEST = 10
VERSION_LIMIT = 100


@dataclass(frozen=True)
class Member:
    """Somebody with a role in a project."""

    username: str
    owner: bool


@dataclass(frozen=True)
class ReleasePage:
    """One release of a project with its `files`, and all releases of that project, newest version first."""

    project: Project
    release: Release
    latest: Release
    releases: list[Release]
    files: list[File]
    all_files: list[File]
    members: list[Member]


def newest_releases(work: Work) -> list[tuple[Project, Release]]:
    """What was released last, newest first."""
    query = select(Project, Release).join(Release, Release.project_id == Project.id)
    shown = query.where(Project.status != QUARANTINED).order_by(Release.created_at.desc(), Release.id).limit(NEWEST)
    return [(project, release) for project, release in work.db.execute(shown)]


def newest_projects(work: Work) -> list[Project]:
    """What came to the index last, newest first."""
    query = select(Project).where(Project.status != QUARANTINED)
    return list(work.db.scalars(query.order_by(Project.created_at.desc(), Project.id).limit(NEWEST)))


def latest_page(work: Work, name: str) -> ReleasePage:
    """The page of a project: its latest release. Raises NotFound."""
    return _page(work, projects.find(work, name), None)


def release_page(work: Work, name: str, version: str) -> ReleasePage:
    """The page of one release, its version in any spelling (PEP 440). Raises NotFound."""
    # Python refuses to read numbers of thousands of digits with another error.
    if len(version) > VERSION_LIMIT:
        raise NotFound
    return _page(work, projects.find(work, name), canonicalize_version(version))


def person(work: Work, username: str) -> tuple[str, list[tuple[Project, str]]]:
    """A person's name as it is written, and their projects with their role in each. Raises NotFound."""
    account = accounts.by_username_or_none(work, username)
    if account is None or account.emptied_at is not None:
        raise NotFound
    held = [(project, role) for project, role in projects.owned(work, account.id) if project.status != QUARANTINED]
    return account.username, held


def _page(work: Work, project: Project, canonical: str | None) -> ReleasePage:
    if project.status == QUARANTINED:
        raise NotFound
    files = projects.files(work, project.id)
    usable = {file.release_id for file in files if not file.yanked}
    found = {release.canonical: release for release in projects.releases(work, project.id)}
    wanted = None if canonical is None else found.get(canonical)
    if not found or (canonical is not None and wanted is None):
        raise NotFound
    newest_first = _newest_first(found.values())
    latest = _latest(newest_first, usable)
    release = wanted or latest
    own = [file for file in files if file.release_id == release.id]
    return ReleasePage(project, release, latest, newest_first, own, files, _members(work, project.id))


def latest_releases(work: Work, project_ids: Collection[UUID]) -> dict[UUID, Release]:
    """The latest release of each of these projects that has one, by the id of the project."""
    own = File.project_id.in_(project_ids)
    usable = set(work.db.scalars(select(File.release_id).where(own, File.yanked.is_(False)).distinct()))
    of: dict[UUID, list[Release]] = {}
    for release in work.db.scalars(select(Release).where(Release.project_id.in_(project_ids))):
        of.setdefault(release.project_id, []).append(release)
    return {project_id: _latest(_newest_first(releases), usable) for project_id, releases in of.items()}


def _newest_first(releases: Iterable[Release]) -> list[Release]:
    return sorted(releases, key=lambda release: Version(release.version), reverse=True)


def _latest(newest_first: list[Release], usable: Collection[UUID]) -> Release:
    """The newest version; one that is yanked or a pre-release only where there is no other."""
    return min(newest_first, key=lambda release: (release.id not in usable, Version(release.version).is_prerelease))


def _members(work: Work, project_id: UUID) -> list[Member]:
    query = select(Account.username, Role.role).join(Role, Role.account_id == Account.id)
    rows = work.db.execute(query.where(Role.project_id == project_id).order_by(Account.username_key))
    return [Member(username, role == OWNER) for username, role in rows]
