"""What a token's limits allow. A limit is a class: its tag, its sentence, its check.

A caveat is a JSON array that starts with a tag. Tags 0 to 4 mean what they mean to PyPI; tags from 100 are this
index's own. A caveat that can't be read, or that nothing here can check, is a limit that is never met.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from portal.kernel.words import TranslationString, _
from portal.tokens import errors
from portal.tokens.limits.base import Limit, Target, Use, When
from portal.tokens.limits.own import DownloadsOnly, Networks, NewReleases, OneVersion
from portal.tokens.limits.pypi import Expiration, Owner, ProjectIds, ProjectNames, instant
from portal.tokens.limits.state import NewProject, UploadsLeft

__all__ = [
    "FOR_UPLOADS", "DownloadsOnly", "Expiration", "Limit", "Limits", "Networks", "NewProject", "NewReleases",
    "OneVersion", "Owner", "ProjectIds", "ProjectNames", "Target", "Unknown", "UploadsLeft", "Use", "instant", "read",
]  # fmt: skip

Kind = TypeVar("Kind", bound=Limit)


@dataclass(frozen=True)
class Unknown(Limit):
    """A caveat that nothing here can check."""

    def check(self, use: Use) -> None:
        """Never met."""
        raise errors.unknown_limit()

    def sentence(self, when: When) -> TranslationString:
        """What follows."""
        return _("It holds a limit that this index does not know, so it can’t be used.")

    def joined(self, other: Self) -> Self:
        """The same again."""
        return self


ORDER: tuple[type[Limit], ...] = (
    Unknown, Owner, DownloadsOnly, Expiration, Networks, NewProject, ProjectNames, ProjectIds, OneVersion, NewReleases,
    UploadsLeft,
)  # fmt: skip
"""In which order limits are checked and told."""
FOR_UPLOADS: tuple[type[Limit], ...] = (NewProject, ProjectNames, ProjectIds, OneVersion, NewReleases, UploadsLeft)
"""Limits of what is uploaded. Who downloads can't meet them."""
KNOWN: dict[int, type[Limit]] = {kind.tag: kind for kind in ORDER if kind.tag is not None}


@dataclass(frozen=True)
class Limits:
    """All limits of a token, one of each kind at most. Without any, it may do what its owner may."""

    held: tuple[Limit, ...] = ()

    @classmethod
    def of(cls, limits: Iterable[Limit]) -> Limits:
        """All of these at once: more of them can only narrow."""
        found: dict[type[Limit], Limit] = {}
        for limit in limits:
            kind = type(limit)
            found[kind] = found[kind].joined(limit) if kind in found else limit
        return cls(tuple(found[kind] for kind in ORDER if kind in found))

    def also(self, limits: Iterable[Limit]) -> Limits:
        """These and more."""
        return self.of([*self.held, *limits])

    def get(self, kind: type[Kind]) -> Kind | None:
        """The limit of a kind; None where it is not limited so."""
        return next((limit for limit in self.held if isinstance(limit, kind)), None)

    def check(self, use: Use) -> None:
        """Raise TokenRefused for the first limit that does not allow this use."""
        for limit in self.held:
            limit.check(use)

    def sentences(self, when: When, *, without: Sequence[type[Limit]] = ()) -> list[TranslationString]:
        """What each means, but whose it is and that it is for downloads: that is told beside them."""
        unsaid: tuple[type[Limit], ...] = (Owner, DownloadsOnly, *without)
        return [limit.sentence(when) for limit in self.held if not isinstance(limit, unsaid)]

    @property
    def expires_at(self) -> datetime | None:
        """When the token ends."""
        found = self.get(Expiration)
        return None if found is None else instant(found.expires)


def read(caveats: Iterable[bytes | str]) -> Limits:
    """The caveats of a token, joined."""
    return Limits.of(_parse(caveat) for caveat in caveats)


def _parse(caveat: bytes | str) -> Limit:
    match _array(caveat):
        case [int(tag), *facts] if not isinstance(tag, bool) and tag in KNOWN:
            return KNOWN[tag].parse(facts) or Unknown()
    return Unknown()


def _array(caveat: bytes | str) -> Any:
    try:
        return json.loads(caveat.decode("utf-8") if isinstance(caveat, bytes) else caveat)
    except (ValueError, RecursionError):
        return None
