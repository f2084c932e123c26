"""Projects and roles. The first upload creates a project and makes the uploader its owner; owners and
maintainers may upload; a name once taken is never given to somebody else."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id
from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.projects.errors import BadName, NameAlike, NameDeleted, NameKeptBack, NameTaken, NoNewProjects, ReservedName
from portal.projects.events import MemberLeft, OwnerAdded, ProjectCreated
from portal.projects.filenames import file_key
from portal.projects.models import (
    ACTIVE,
    FILE,
    OPEN,
    OWNER,
    PROJECT,
    QUARANTINED,
    Deleted,
    File,
    Project,
    Release,
    Role,
)
from portal.projects.names import alike, kept_back, normalize, reserved, valid

# Each upload asks these, some of them twice: built once, a question costs a third.
_NAMED = select(Project).where(Project.normalized == bindparam("normalized"))
_HELD = _NAMED.with_for_update(key_share=True).execution_options(populate_existing=True)
_WAS_DELETED = select(exists().where(Deleted.kind == bindparam("kind"), Deleted.name == bindparam("name")))


def find_or_none(work: Work, name: str) -> Project | None:
    """The project of this name in any spelling."""
    return work.db.scalar(_NAMED, {"normalized": normalize(name)})


def hold(work: Work, name: str) -> Project | None:
    """The project of this name as it is now; nobody changes or deletes it before this transaction ends.

    Nor does anybody else hold it so: what is counted behind this lock stays as it was counted.
    """
    return work.db.scalar(_HELD, {"normalized": normalize(name)})


def find(work: Work, name: str) -> Project:
    """The project of this name in any spelling. Raises NotFound."""
    found = find_or_none(work, name)
    if found is None:
        raise NotFound
    return found


def role_of(work: Work, project_id: UUID, account_id: UUID) -> str | None:
    """Owner, maintainer, or None for everybody else."""
    query = select(Role.role).where(Role.project_id == project_id, Role.account_id == account_id)
    return work.db.scalar(query)


def owned(work: Work, account_id: UUID) -> list[tuple[Project, str]]:
    """The projects in which this account has a role, with the role, by name."""
    query = select(Project, Role.role).join(Role).where(Role.account_id == account_id).order_by(Project.normalized)
    return [(project, role) for project, role in work.db.execute(query)]


def sole_owned(work: Work, account_id: UUID) -> list[Project]:
    """The projects that nobody else owns, by name. Owners whose account is closed, or was, are nobody."""
    other = aliased(Role)
    standing = (Account.closes_at.is_(None), Account.emptied_at.is_(None))
    others = select(other).join(Account, Account.id == other.account_id).where(*standing)
    others = others.where(other.project_id == Project.id, other.role == OWNER, other.account_id != account_id)
    own = select(Project).join(Role).where(Role.account_id == account_id, Role.role == OWNER, ~others.exists())
    return list(work.db.scalars(own.order_by(Project.normalized)))


def hold_all(work: Work, account_id: UUID) -> None:
    """Let nobody else change the people of this account's projects before this transaction ends."""
    mine = select(Role.project_id).where(Role.account_id == account_id)
    work.db.execute(select(Project.id).where(Project.id.in_(mine)).order_by(Project.id).with_for_update())


def leave_all(work: Work, account_id: UUID) -> None:
    """Take every role of the account away."""
    for project, _role in owned(work, account_id):
        work.record(MemberLeft(account_id=account_id, project_id=project.id, project=project.name))
    work.db.execute(delete(Role).where(Role.account_id == account_id))


def takes_files(work: Work, project: Project) -> bool:
    """Whether files can be uploaded to this project now."""
    return work.settings.takes_uploads and project.status in OPEN


def uploadable(work: Work, account_id: UUID) -> list[Project]:
    """The projects to which this account may upload now, by name."""
    return [project for project, _role in owned(work, account_id) if project.status in OPEN]


def spelled(work: Work, names: Collection[str]) -> dict[str, str]:
    """How the projects that exist among these (normalized names) are written, by name."""
    query = select(Project).where(Project.normalized.in_(names)).order_by(Project.normalized)
    return {project.normalized: project.name for project in work.db.scalars(query)}


def members(work: Work, project_id: UUID) -> list[tuple[UUID, str]]:
    """(account, role) of everybody with a role in the project."""
    query = select(Role.account_id, Role.role).where(Role.project_id == project_id)
    return [(account_id, role) for account_id, role in work.db.execute(query)]


def releases(work: Work, project_id: UUID) -> list[Release]:
    """Every release of a project, in no order (sort by `packaging.version.Version`)."""
    return list(work.db.scalars(select(Release).where(Release.project_id == project_id)))


def release_or_none(work: Work, project_id: UUID, canonical: str) -> Release | None:
    """The release of this version (PEP 440, no trailing zeros)."""
    return work.db.scalar(select(Release).where(Release.project_id == project_id, Release.canonical == canonical))


def shown(work: Work, found: Collection[Project]) -> set[UUID]:
    """Which of these projects have a page that everybody sees: those with a release, unless in quarantine."""
    theirs = [project.id for project in found]
    query = select(Release.project_id).join(Project, Project.id == Release.project_id)
    query = query.where(Release.project_id.in_(theirs), Project.status != QUARANTINED)
    return set(work.db.scalars(query.distinct()))


def files(work: Work, project_id: UUID) -> list[File]:
    """Every file of a project, by name."""
    return list(work.db.scalars(select(File).where(File.project_id == project_id).order_by(File.filename)))


def was_deleted(work: Work, kind: str, name: str) -> bool:
    """Whether a file (`FILE`) of this name in any spelling, or a project (`PROJECT`) of this normalized name, was."""
    return bool(work.db.scalar(_WAS_DELETED, {"kind": kind, "name": file_key(name) if kind == FILE else name}))


def check_new_name(name: str) -> None:
    """Whether this can be the name of a project on any index. Raises BadName and ReservedName."""
    if not valid(name):
        raise BadName(name)
    if reserved(name):
        raise ReservedName(name)


def check_awaited(work: Work, name: str) -> None:
    """Whether there is no project of this name yet, and the index takes new ones.

    Raises NoNewProjects, BadName, ReservedName and NameTaken.
    """
    _check_takes_new(work)
    check_new_name(name)
    if find_or_none(work, name) is not None:
        raise NameTaken(name)


def _check_takes_new(work: Work) -> None:
    if not work.settings.takes_new_projects:
        raise NoNewProjects


def check_free_name(work: Work, name: str) -> None:
    """Whether a project of this name may be made here, if there is none.

    Raises NoNewProjects, BadName, ReservedName, NameKeptBack, NameDeleted and NameAlike.
    """
    _check_takes_new(work)
    check_new_name(name)
    if kept_back(name, work.settings.reserved_names):
        raise NameKeptBack(name)
    # In this order: what is deleted between the two questions is found by the second.
    other = work.db.scalar(select(Project.name).where(Project.alike == alike(name)))
    _check_not_deleted(work, name)
    if other is not None and normalize(other) != normalize(name):
        raise NameAlike(name, other)


def _check_not_deleted(work: Work, name: str) -> None:
    """Raise NameDeleted for the name of a deleted project, NameAlike for one that people take for it."""
    if was_deleted(work, PROJECT, normalize(name)):
        raise NameDeleted(name)
    gone = work.db.scalar(select(Deleted.name).where(Deleted.kind == PROJECT, Deleted.alike == alike(name)).limit(1))
    if gone is not None:
        raise NameAlike(name, gone)


def create(work: Work, name: str, owner_id: UUID) -> Project:
    """A new project with its first owner; of two at the same instant one wins, also of two that look alike.

    Raises what `check_free_name` does and, where the normalized name is taken, NameTaken.
    """
    check_free_name(work, name)
    insert = INSERTS[work.db.get_bind().dialect.name](Project)
    row = insert.values(id=new_id(), name=name, normalized=normalize(name), created_at=work.now, status=ACTIVE)
    project_id: UUID | None = work.db.scalar(row.on_conflict_do_nothing().returning(Project.id))
    if project_id is None:
        check_free_name(work, name)
        raise NameTaken(name)
    # Asked again: a project that stood in the way of the row above may have been deleted meanwhile.
    _check_not_deleted(work, name)
    work.db.add(Role(project_id=project_id, account_id=owner_id, role=OWNER, since=work.now))
    work.record(ProjectCreated(account_id=owner_id, project_id=project_id, project=name))
    work.record(OwnerAdded(account_id=owner_id, project_id=project_id, project=name))
    return find(work, name)
