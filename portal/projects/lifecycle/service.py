"""The status of a project (PEP 792): owners mark it, and a quarantine stands above their mark.

Whoever changes a project, or what lies in it, holds its row first (FOR UPDATE): uploads hold the same row against
that until they commit, and read the status behind that lock. So no file comes into a project that is closed.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from portal.kernel.errors import NotFound
from portal.kernel.work import SYSTEM, Work
from portal.projects.lifecycle.errors import InQuarantine, NotInQuarantine
from portal.projects.lifecycle.events import (
    ProjectActive,
    ProjectArchived,
    ProjectDeprecated,
    ProjectQuarantined,
    ProjectReleased,
    PutIntoQuarantine,
    ReleasedFromQuarantine,
    TheirProjectQuarantined,
    TheirProjectReleased,
)
from portal.projects.members.service import require_owner
from portal.projects.models import ACTIVE, ARCHIVED, DEPRECATED, QUARANTINED, Project
from portal.projects.service import members

REASON_LIMIT = 300
MARKS: dict[str, type[ProjectActive | ProjectArchived | ProjectDeprecated]] = {
    ACTIVE: ProjectActive,
    ARCHIVED: ProjectArchived,
    DEPRECATED: ProjectDeprecated,
}
"""What owners choose from, and the event of each."""


def hold(work: Work, project_id: UUID) -> str:
    """The status of the project, which nobody else changes before this transaction ends. Raises NotFound."""
    status = work.db.scalar(select(Project.status).where(Project.id == project_id).with_for_update())
    if status is None:
        raise NotFound
    return status


def hold_changeable(work: Work, project_id: UUID) -> None:
    """The same, for a change of what lies in the project. Raises NotFound and InQuarantine."""
    if hold(work, project_id) == QUARANTINED:
        raise InQuarantine


def mark(work: Work, project: Project, status: str, reason: str, *, by: UUID) -> bool:
    """Give the project one of the statuses of `MARKS`; False where it has this one, for this reason, already.

    An active project has no reason. Raises NotOwner where `by` does not own the project, NotFound and InQuarantine.
    """
    event, reason = MARKS[status], "" if status == ACTIVE else reason
    hold_changeable(work, project.id)
    require_owner(work, project.id, by)
    other = or_(Project.status != status, Project.status_reason != reason)
    if not _set(work, project, other, Project.status != QUARANTINED, status=status, status_reason=reason):
        return False
    work.record(event(account_id=by, project_id=project.id, project=project.name, reason=reason))
    return True


def quarantined(work: Work) -> list[Project]:
    """The projects in quarantine, by name."""
    return list(work.db.scalars(select(Project).where(Project.status == QUARANTINED).order_by(Project.normalized)))


def quarantine(work: Work, project: Project, reason: str, *, by: UUID | None) -> None:
    """Keep the project from being installed and changed; `by` is the administrator, None on the server itself.

    Its status is kept for the end of the quarantine. Raises NotFound, and InQuarantine where it is there already.
    """
    before = hold(work, project.id)
    told = work.db.scalar(select(Project.status_reason).where(Project.id == project.id)) or ""
    new = {"status": QUARANTINED, "status_reason": reason, "former_status": before, "former_reason": told}
    if not _set(work, project, Project.status != QUARANTINED, **new):
        raise InQuarantine
    name = project.name
    _unnamed(work).record(ProjectQuarantined(project_id=project.id, project=name, reason=reason))
    for account_id, _role in members(work, project.id):
        work.record(TheirProjectQuarantined(account_id=account_id, project=name, reason=reason))
    if by is not None:
        work.record(PutIntoQuarantine(account_id=by, project=name, reason=reason))


def release(work: Work, project: Project, *, by: UUID | None) -> str:
    """End the quarantine; the status that the project has again. Raises NotFound and NotInQuarantine."""
    hold(work, project.id)
    kept = select(Project.former_status, Project.former_reason).where(Project.id == project.id)
    status, reason = work.db.execute(kept).one()
    again = {"status": status or ACTIVE, "status_reason": reason, "former_status": None, "former_reason": ""}
    if not _set(work, project, Project.status == QUARANTINED, **again):
        raise NotInQuarantine
    _unnamed(work).record(ProjectReleased(project_id=project.id, project=project.name))
    for account_id, _role in members(work, project.id):
        work.record(TheirProjectReleased(account_id=account_id, project=project.name))
    if by is not None:
        work.record(ReleasedFromQuarantine(account_id=by, project=project.name))
    return status or ACTIVE


def _set(work: Work, project: Project, *only: ColumnElement[bool], **values: str | None) -> bool:
    """Whether the project was so, and is otherwise now."""
    changed = update(Project).where(Project.id == project.id, *only).values(**values).returning(Project.id)
    return work.db.scalar(changed.execution_options(synchronize_session="fetch")) is not None


def _unnamed(work: Work) -> Work:
    """Owners read who did what to their project: of an administrator they learn neither name nor place."""
    return work.acting_as(replace(SYSTEM, locale=work.actor.locale))
