"""A token was cut off from a project: told in the history of its owner, and in that of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from portal.audit.events import Event, personal
from portal.kernel.ids import started
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class TokenCutOff(Event):
    """For the owner of the token; `by` is the user name of the owner of the project."""

    kind: ClassVar[str] = "token.cut_off"
    sentence: ClassVar[TranslationString] = _(
        "API token “${label}” cut off from the project ${project} by ${by}, an owner of the project"
    )

    token_id: UUID
    label: str = personal()
    project: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ProjectTokenCutOff(Event):
    """For the owners of the project: whose token it was. Its name is its owner's affair."""

    kind: ClassVar[str] = "token.cut_off_from_project"
    sentence: ClassVar[TranslationString] = _("API token ${start} of ${username} cut off from this project")

    token_id: UUID
    username: str

    @classmethod
    def shown(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """Also the start of the unique id, by which owners know the token."""
        return {**facts, "start": started(facts["token_id"])}

    @classmethod
    def about(cls, facts: dict[str, Any]) -> str:
        """The owner of the token."""
        return str(facts["username"])
