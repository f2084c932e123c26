"""What every limit of a token is: something that can be checked, told in a sentence, and made narrower."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from portal.kernel.words import TranslationString

When = Callable[[datetime], str]
"""Writes an instant in the way of whoever reads the sentence."""


@dataclass(frozen=True)
class Target:
    """What a token is to be used on.

    `project` is the normalized name; `project_id` is None where the project is yet to be created. `version` is
    canonical (PEP 440, no trailing zeros). `made_by` is the token that made its release, `made_at` when that was;
    both are None where the release is yet to be made. `written` is the version as it was sent, for whoever is told.
    """

    project: str
    project_id: UUID | None = None
    version: str = ""
    made_by: UUID | None = None
    made_at: datetime | None = None
    written: str = ""

    @property
    def told(self) -> str:
        """The version as people know it."""
        return self.written or self.version


@dataclass(frozen=True)
class Use:
    """Who uses a token, when and from which network address; without a target only that much is asked."""

    now: datetime
    address: str
    account_id: UUID
    token_id: UUID | None = None
    target: Target | None = None


class Limit(ABC):
    """One kind of limit. Two of a kind join into what both allow.

    `tag` is the number in front of its caveat; None for what can only be kept on the row, because it changes.
    """

    tag: ClassVar[int | None] = None

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """The limit of a caveat, from what stands behind the tag; None where that can't be read."""
        return None

    def facts(self) -> list[Any]:
        """What stands behind the tag, as JSON."""
        raise NotImplementedError

    def caveat(self) -> str:
        """The limit as it stands in a token."""
        return json.dumps([self.tag, *self.facts()], separators=(",", ":"))

    @abstractmethod
    def check(self, use: Use) -> None:
        """Raise TokenRefused where this use is not allowed."""

    @abstractmethod
    def sentence(self, when: When) -> TranslationString:
        """What the limit means, for the owner of the token."""

    @abstractmethod
    def joined(self, other: Self) -> Self:
        """What both allow."""

    def within(self, other: Self) -> bool:
        """Whether this allows nothing that the other does not allow."""
        return self.joined(other) == self


class TargetLimit(Limit):
    """A limit of what the token is used on."""

    def check(self, use: Use) -> None:
        """Nothing, as long as the target is not known."""
        if use.target is not None:
            self.check_target(use, use.target)

    @abstractmethod
    def check_target(self, use: Use, target: Target) -> None:
        """Raise TokenRefused where this target is not allowed."""
