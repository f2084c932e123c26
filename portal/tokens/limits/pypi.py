"""The limits that PyPI knows, tags 0 to 3, so that its tools can read and narrow our tokens.

Tag 4 ties a token to a trusted publisher; there is none here, so no such token is good for anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from portal.kernel.words import TranslationString, _
from portal.projects.names import normalize
from portal.tokens import errors
from portal.tokens.limits.base import Limit, Target, TargetLimit, Use, When

LATEST = 253402300799
"""The last second of the year 9999: what a datetime can hold."""


def instant(seconds: int) -> datetime:
    """An instant to be shown; what no calendar holds is moved to its edge."""
    return datetime.fromtimestamp(min(max(seconds, 0), LATEST), UTC)


def whole(value: Any) -> bool:
    """Whether it is an integer: JSON's true is one to Python, but no time and no number."""
    return isinstance(value, int) and not isinstance(value, bool)


def texts(value: Any) -> bool:
    """Whether it is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True)
class Expiration(Limit):
    """From `not_before` to just before `expires`, in seconds since 1970."""

    tag = 0
    expires: int
    not_before: int = 0

    @classmethod
    def until(cls, at: datetime) -> Self:
        """Until this instant."""
        return cls(int(at.timestamp()))

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """Two whole numbers."""
        return cls(*facts) if len(facts) == 2 and all(map(whole, facts)) else None

    def facts(self) -> list[Any]:
        """End first, as PyPI writes it."""
        return [self.expires, self.not_before]

    def check(self, use: Use) -> None:
        """The time is not over, and has come."""
        now = use.now.timestamp()
        if self.expires <= now:
            raise errors.expired(instant(self.expires))
        if self.not_before > now:
            raise errors.not_yet_valid(instant(self.not_before))

    def sentence(self, when: When) -> TranslationString:
        """When it ends."""
        return _("It works until ${time}.", mapping={"time": when(instant(self.expires))})

    def joined(self, other: Self) -> Self:
        """From the later beginning to the earlier end."""
        return type(self)(min(self.expires, other.expires), max(self.not_before, other.not_before))


@dataclass(frozen=True)
class ProjectNames(TargetLimit):
    """Chosen projects, by normalized name."""

    tag = 1
    names: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """These projects, in any spelling."""
        return cls(frozenset(map(normalize, names)))

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """One list of names."""
        return cls.of(facts[0]) if len(facts) == 1 and texts(facts[0]) else None

    def facts(self) -> list[Any]:
        """The names in their order, so that the same choice is the same caveat."""
        return [sorted(self.names)]

    def check_target(self, use: Use, target: Target) -> None:
        """It is one of these."""
        if target.project not in self.names:
            raise errors.other_project(target.project, self.names)

    def sentence(self, when: When) -> TranslationString:
        """Which projects."""
        return _("It uploads to these projects only: ${projects}.", mapping={"projects": ", ".join(sorted(self.names))})

    def joined(self, other: Self) -> Self:
        """The names that both hold."""
        return type(self)(self.names & other.names)


@dataclass(frozen=True)
class ProjectIds(TargetLimit):
    """Chosen projects, by id; one that is yet to be created has none."""

    tag = 2
    ids: frozenset[str]

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """One list of ids."""
        return cls(frozenset(facts[0])) if len(facts) == 1 and texts(facts[0]) else None

    def facts(self) -> list[Any]:
        """The ids in their order."""
        return [sorted(self.ids)]

    def check_target(self, use: Use, target: Target) -> None:
        """It exists and is one of these."""
        if target.project_id is None or str(target.project_id) not in self.ids:
            raise errors.other_project(target.project, None)

    def sentence(self, when: When) -> TranslationString:
        """Which ids."""
        return _("It uploads only to projects with these ids: ${ids}.", mapping={"ids": ", ".join(sorted(self.ids))})

    def joined(self, other: Self) -> Self:
        """The ids that both hold."""
        return type(self)(self.ids & other.ids)


@dataclass(frozen=True)
class Owner(Limit):
    """The account that owns the token; every token of ours names it."""

    tag = 3
    accounts: frozenset[str]

    @classmethod
    def of(cls, account_id: UUID) -> Self:
        """This account."""
        return cls(frozenset([str(account_id)]))

    @classmethod
    def parse(cls, facts: list[Any]) -> Self | None:
        """One id."""
        return cls(frozenset(facts)) if len(facts) == 1 and isinstance(facts[0], str) else None

    def facts(self) -> list[Any]:
        """The id."""
        return sorted(self.accounts)

    def check(self, use: Use) -> None:
        """It is the owner's account."""
        if str(use.account_id) not in self.accounts:
            raise errors.other_account()

    def sentence(self, when: When) -> TranslationString:
        """Whose it is."""
        return _("It uploads in your name only.")

    def joined(self, other: Self) -> Self:
        """Nobody, where two are named."""
        return type(self)(self.accounts & other.accounts)
