"""A token was cut off from a project: told in the history of its owner, and in that of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from portal.audit.events import Event, personal
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class TokenCutOff(Event):
    """For the owner of the token; `by` is the user name of the owner of the project."""

    kind: ClassVar[str] = "token.cut_off"
    sentence: ClassVar[TranslationString] = _(
        "API token “${label}” cut off from the project ${project}, by its owner ${by}"
    )

    token_id: UUID
    label: str = personal()
    project: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ProjectTokenCutOff(Event):
    """For the owners of the project: whose token it was. Its name is its owner's affair."""

    kind: ClassVar[str] = "token.cut_off_from_project"
    sentence: ClassVar[TranslationString] = _("An API token of ${username} cut off from this project")

    token_id: UUID
    username: str
