"""Limits that change with each use: they are kept on the token's row, where one transaction at a time changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from portal.kernel.words import TranslationString, _
from portal.projects.names import normalize
from portal.tokens import errors
from portal.tokens.limits.base import Limit, Target, TargetLimit, Use, When


@dataclass(frozen=True)
class UploadsLeft(Limit):
    """How many more files may be uploaded."""

    count: int

    def check(self, use: Use) -> None:
        """One is left."""
        if self.count < 1:
            raise errors.used_up()

    def sentence(self, when: When) -> TranslationString:
        """How many."""
        return _("Uploads left: ${count}.", mapping={"count": self.count})

    def joined(self, other: Self) -> Self:
        """The smaller number."""
        return type(self)(min(self.count, other.count))


@dataclass(frozen=True)
class NewProject(TargetLimit):
    """One project that the token creates with its first upload, by name; `bound` is its id from then on."""

    name: str
    bound: UUID | None = None

    def check_target(self, use: Use, target: Target) -> None:
        """The project has this name, and is yet to be created, or was created by this token."""
        if target.project != normalize(self.name):
            raise errors.other_project(target.project, [self.name])
        if target.project_id is not None and target.project_id != self.bound:
            raise errors.project_exists(self.name)

    def sentence(self, when: When) -> TranslationString:
        """Which project, and whether it is there by now."""
        given = {"project": self.name}
        if self.bound is None:
            return _("It creates the project “${project}”, then uploads to it only.", mapping=given)
        return _("It has created the project “${project}” and uploads to it only.", mapping=given)

    def joined(self, other: Self) -> Self:
        """A token has one at most."""
        return self
