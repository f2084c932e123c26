"""What can happen to the status of a project.

The first half stands in the history of the project, and of the owner who did it. Of a quarantine, the histories of all
who have a role in the project tell as well, and that of the administrator who did it; the project's names none.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class ProjectArchived(Event):
    """It takes no files any more; what is there stays."""

    kind = "project.archived"
    sentence = _("Project ${project} archived")

    project: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectDeprecated(Event):
    """People are told not to use it any more; it goes on as before."""

    kind = "project.deprecated"
    sentence = _("Project ${project} marked as deprecated")

    project: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectActive(Event):
    """It is neither archived nor deprecated any more."""

    kind = "project.active"
    sentence = _("Project ${project} marked as active")

    project: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectQuarantined(Event):
    """Nobody can install it, and nothing in it can be changed."""

    kind = "project.quarantined"
    sentence = _("Project ${project} put into quarantine by the people who run this index")

    project: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectReleased(Event):
    """The quarantine is over."""

    kind = "project.released"
    sentence = _("Project ${project} released from quarantine by the people who run this index")

    project: str


@dataclass(frozen=True, kw_only=True)
class TheirProjectQuarantined(Event):
    """The same, for somebody with a role in the project."""

    kind = "project.theirs.quarantined"
    sentence = _("Project ${project} put into quarantine by the people who run this index")

    project: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TheirProjectReleased(Event):
    """The same, for somebody with a role in the project."""

    kind = "project.theirs.released"
    sentence = _("Project ${project} released from quarantine by the people who run this index")

    project: str


@dataclass(frozen=True, kw_only=True)
class PutIntoQuarantine(Event):
    """An administrator did it."""

    kind = "project.for_other.quarantined"
    sentence = _("Put the project ${project} into quarantine")

    project: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleasedFromQuarantine(Event):
    """An administrator did it."""

    kind = "project.for_other.released"
    sentence = _("Released the project ${project} from quarantine")

    project: str


LIFECYCLE = (ProjectArchived, ProjectDeprecated, ProjectActive, ProjectQuarantined, ProjectReleased)
LifecycleEvent = ProjectArchived | ProjectDeprecated | ProjectActive | ProjectQuarantined | ProjectReleased
