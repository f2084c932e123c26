"""Letters about what was done with a project, its releases and files: one an action to everybody with a role in it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from portal.audit.events import Event
from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import tell
from portal.projects.lifecycle.events import (
    LifecycleEvent,
    ProjectActive,
    ProjectArchived,
    ProjectDeprecated,
    ProjectQuarantined,
    ProjectReleased,
)
from portal.projects.members import service
from portal.projects.names import normalize
from portal.projects.releases.events import (
    FileDeleted,
    FileRestored,
    FileYanked,
    ProjectDeleted,
    ReleaseDeleted,
    ReleaseRestored,
    ReleaseYanked,
    ShelfEvent,
)


class Change(StrEnum):
    """What a letter explains. No text of people's, so a template compares it."""

    ARCHIVED = "archived"
    DEPRECATED = "deprecated"
    ACTIVE = "active"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    YANKED = "yanked"
    RESTORED = "restored"
    DELETED = "deleted"
    PROJECT_DELETED = "project deleted"


CHANGES: dict[type[Event], Change] = {
    ProjectArchived: Change.ARCHIVED,
    ProjectDeprecated: Change.DEPRECATED,
    ProjectActive: Change.ACTIVE,
    ProjectQuarantined: Change.QUARANTINED,
    ProjectReleased: Change.RELEASED,
    ReleaseYanked: Change.YANKED,
    FileYanked: Change.YANKED,
    ReleaseRestored: Change.RESTORED,
    FileRestored: Change.RESTORED,
    FileDeleted: Change.DELETED,
    ReleaseDeleted: Change.DELETED,
    ProjectDeleted: Change.PROJECT_DELETED,
}
UNDONE = {
    **dict.fromkeys((Change.ARCHIVED, Change.DEPRECATED, Change.ACTIVE), "projects.status"),
    **dict.fromkeys((Change.YANKED, Change.RESTORED), "projects.releases"),
}
"""The page on which an owner takes it back."""

ProjectChange = LifecycleEvent | ShelfEvent | ProjectDeleted


def project_changed(work: Work, event: ProjectChange) -> None:
    """To everybody with a role in the project, whoever did it included: what, by whom, and how it is taken back."""
    if event.project_id is None:
        return
    change, by = CHANGES[type(event)], event.account_id
    route = UNDONE.get(change)
    facts = {
        "told": event.told(),
        "change": change,
        "by": service.usernames(work, [by])[by],
        "reason": getattr(event, "reason", ""),
        "undo": link(work.settings, route, name=normalize(event.project)) if route else None,
    }
    for member in service.members(work, event.project_id):
        if not member.closing or member.account_id == by:
            own = member.account_id == by
            tell(work, replace(event, account_id=member.account_id), "project_changed", **facts, own=own)


SUBSCRIBERS = tuple((event, project_changed) for event in CHANGES)
