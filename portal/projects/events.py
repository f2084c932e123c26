"""What can happen to a project.

`FileUploaded` stands here and not in `uploads`, so that the index, which lies below uploads, can answer it.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event, personal
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(Event):
    """A first upload made a project."""

    kind = "project.created"
    sentence = _("Project ${project} created")

    project: str


@dataclass(frozen=True, kw_only=True)
class OwnerAdded(Event):
    """`account_id` may do everything with the project from now on."""

    kind = "project.owner_added"
    sentence = _("Became an owner of the project ${project}")

    project: str


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    """`account_id` has no role in the project any more: they gave it up, or their account was closed."""

    kind = "project.member_left"
    sentence = _("Left the project ${project}")

    project: str


@dataclass(frozen=True, kw_only=True)
class FileUploaded(Event):
    """A new file lies on the index. `project` is the name as it is shown, `version` canonical."""

    kind = "file.uploaded"
    sentence = _("File ${filename} uploaded to the project ${project}, version ${version}")

    project: str
    version: str
    filename: str
    token: str = personal()
