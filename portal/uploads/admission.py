"""Whether an upload may go to its project at all: what is asked before the file is looked into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from packaging.utils import canonicalize_version
from sqlalchemy import bindparam, exists, func, select

from portal.accounts.models import Address
from portal.kernel.errors import Throttled
from portal.kernel.settings import MEGABYTE
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.errors import BadName, NameAlike, NameDeleted, NameKeptBack, NoNewProjects, ReservedName
from portal.projects.filenames import file_key
from portal.projects.models import OPEN, QUARANTINED, File, Project, Release, Role
from portal.projects.names import NAME_LIMIT
from portal.throttle.service import Bucket, Kind, network_of, reserve
from portal.tokens import policy
from portal.tokens.errors import no_role
from portal.tokens.policy import Bearer
from portal.uploads import errors
from portal.uploads.declared import Declared
from portal.uploads.errors import Refusal

BadNames = NoNewProjects | BadName | ReservedName | NameKeptBack | NameDeleted | NameAlike
BAD_NAMES = (NoNewProjects, BadName, ReservedName, NameKeptBack, NameDeleted, NameAlike)
CAUSES = {
    NoNewProjects: errors.NO_NEW_PROJECTS,
    BadName: errors.NAME,
    ReservedName: errors.NAME_STANDARD,
    NameKeptBack: errors.NAME_RESERVED,
    NameDeleted: errors.NAME_DELETED,
    NameAlike: errors.NAME_ALIKE,
}

_MINE = (Role.project_id == bindparam("project_id"), Role.account_id == bindparam("account_id"))
_CONFIRMED = exists().where(Address.account_id == bindparam("account_id"), Address.confirmed_at.is_not(None))
_STANDING = select(select(Role.role).where(*_MINE).scalar_subquery().label("role"), _CONFIRMED.label("confirmed"))
_SUM = func.coalesce(func.sum(File.footprint), 0)
_ROOM = (
    select(_SUM)
    .select_from(Project)
    .outerjoin(File)
    .where(Project.normalized == bindparam("normalized"))
    .group_by(Project.id)
)
_HELD_BY = select(_SUM).where(File.project_id == bindparam("project_id"))
# What lies there already may come again at any age: nothing changes by it.
_MADE_WITHOUT = select(Release.created_at).where(
    Release.project_id == bindparam("project_id"),
    Release.canonical == bindparam("canonical"),
    ~exists().where(File.key == bindparam("key")),
)


def admit(work: Work, bearer: Bearer, what: Declared, filename: str) -> None:
    """Raise Refusal or TokenRefused unless this bearer may upload this file to its project now."""
    project = projects.find_or_none(work, what.name)
    project_id = project.id if project else None
    policy.authorize(work, bearer, what.normalized, project_id=project_id, version=str(what.version))
    if project is None:
        _standing(work, bearer, None)
        check_name(work, what.name)
    else:
        check_project(work, bearer, project)
        _check_age_early(work, project, what, filename)
    work.settle()


def check_project(work: Work, bearer: Bearer, project: Project) -> None:
    """Raise TokenRefused where this bearer has no role in the project, Refusal where it takes no uploads now.

    Refusal as well where the bearer's account has no confirmed address. Asked when the file begins, and once more in
    the transaction that keeps it, of a project that is held (`projects.service.hold`).
    """
    if _standing(work, bearer, project) is None:
        raise no_role(project.name)
    if project.status not in OPEN:
        cause = errors.PROJECT_QUARANTINED if project.status == QUARANTINED else errors.PROJECT_CLOSED
        raise Refusal(cause, name=project.name)


def _check_age_early(work: Work, project: Project, what: Declared, filename: str) -> None:
    if work.settings.release_days:
        canonical = canonicalize_version(what.version)
        of = {"project_id": project.id, "canonical": canonical, "key": file_key(filename)}
        if made := work.db.scalar(_MADE_WITHOUT, of):
            check_age(work, project, str(what.version), made)


def check_age(work: Work, project: Project, version: str, made: datetime) -> None:
    """Raise Refusal where the first file of a release came so long ago, `made`, that it takes no more."""
    days = work.settings.release_days
    if days and (closed := made + timedelta(days=days)) <= work.now:
        time = closed.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        raise Refusal(errors.RELEASE_CLOSED, name=project.name, version=version, time=time)


def _standing(work: Work, bearer: Bearer, project: Project | None) -> str | None:
    """The bearer's role in the project, if any. Raises Refusal without a confirmed address. One question for both."""
    of = {"project_id": project.id if project else None, "account_id": bearer.account_id}
    found = work.db.execute(_STANDING, of).one()
    if not found.confirmed:
        raise Refusal(errors.UNCONFIRMED)
    held: str | None = found.role
    return held


def check_name(work: Work, name: str) -> None:
    """Raise Refusal unless a project of this name may be made."""
    try:
        projects.check_free_name(work, name)
    except BAD_NAMES as error:
        raise bad_name(name, error) from error


def bad_name(name: str, error: BadNames) -> Refusal:
    """The refusal of a name that nobody may give to a project."""
    other = error.other if isinstance(error, NameAlike) else ""
    return Refusal(CAUSES[type(error)], name=name, other=other, limit=NAME_LIMIT)


def check_room(work: Work, what: Declared, size: int) -> bool:
    """Whether the project is there. Raises Refusal where its files would be too large together.

    `size` is that of the new one in bytes. Several that come at once may all fit as yet: who keeps them asks again.
    """
    found = work.db.scalar(_ROOM, {"normalized": what.normalized})
    check_size(work, what, size + (found or 0))
    return found is not None


def held_by(work: Work, project: Project) -> int:
    """How many bytes are kept for the files of a project (`File.footprint`)."""
    return int(work.db.scalar(_HELD_BY, {"project_id": project.id}) or 0)


def check_size(work: Work, what: Declared, size: int) -> None:
    """Raise Refusal where so many bytes are more than a project may hold."""
    if size > work.settings.project_limit:
        raise Refusal(errors.PROJECT_FULL, name=what.name, limit=work.settings.project_limit // MEGABYTE)


def count_new_project(work: Work, bearer: Bearer) -> None:
    """Count a project that is about to be made, for its account and the network. Raises Refusal for one too many."""
    work.require_settled()
    network = network_of(work.actor.address)
    buckets = [Bucket(Kind.NEW_PROJECT, str(bearer.account_id)), Bucket(Kind.NEW_PROJECT_NETWORK, network)]
    try:
        reserve(work, buckets)
    except Throttled as throttled:
        raise Refusal(errors.NEW_PROJECTS, until=throttled.until) from throttled
