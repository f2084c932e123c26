"""What can happen to a project.

`FileUploaded` stands here and not in `uploads`, so that the index, which lies below uploads, can answer it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.audit.events import Event, personal
from portal.kernel.ids import started
from portal.kernel.words import TranslationString, _, filled

NAMED = _(
    "File ${filename} uploaded to the project ${project}, version ${version}, with the API token “${token}” (${start})"
)
NAMELESS = _("File ${filename} uploaded to the project ${project}, version ${version}, with the API token ${start}")


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
    """A new file lies on the index. `project` is the name as it is shown, `version` canonical.

    `token` is the name of the API token, `token_id` its id; without one it came through a page or with a password.
    `chosen`: it is for chosen projects, whose owners see its name.
    """

    kind = "file.uploaded"
    sentence = _("File ${filename} uploaded to the project ${project}, version ${version}")

    project: str
    version: str
    filename: str
    token: str = personal()
    token_id: UUID | None = None
    chosen: bool = False

    @classmethod
    def told_as(cls, facts: dict[str, Any], *, to_project: bool = False) -> TranslationString:
        """Also with which token. The name of one for everything is its owner's affair, not that of the project."""
        if not facts.get("token_id"):
            return filled(cls.sentence, cls.shown(facts))
        sentence = NAMELESS if to_project and not facts.get("chosen") else NAMED
        return filled(sentence, {**facts, "start": started(facts["token_id"])})
