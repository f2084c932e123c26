"""What a token's caveats allow. Each is a JSON array that starts with a tag.

Tags 0 to 4 mean what they mean to PyPI, so that its tools can read and narrow our tokens; tags
from 100 are this index's own. A caveat that can't be read, or that nothing here can check, is a
limit that is never met.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from portal.projects.names import normalize

EXPIRATION, PROJECT_NAMES, PROJECT_IDS, ACCOUNT = 0, 1, 2, 3
LATEST = 253402300799
"""The last second of the year 9999: what a datetime can hold."""


@dataclass(frozen=True)
class Limits:
    """All caveats of a token taken together. None means: not limited.

    `not_before` and `expires` are seconds since 1970; a token works from the first to just before the second.
    """

    not_before: int = 0
    expires: int | None = None
    projects: frozenset[str] | None = None
    project_ids: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    unknown: bool = False

    def allow_project(self, name: str, project_id: UUID | None) -> bool:
        """Whether a project may be uploaded to; one that is yet to be created has no id."""
        by_name = self.projects is None or name in self.projects
        return by_name and (self.project_ids is None or str(project_id) in self.project_ids)


def read_limits(caveats: Iterable[bytes]) -> Limits:
    """The caveats of a token, joined: more of them can only narrow."""
    limits = Limits()
    for caveat in caveats:
        limits = _narrow(limits, _parse(caveat))
    return limits


def expiration(expires_at: datetime) -> str:
    """The caveat for a token that works until this instant."""
    return _dump([EXPIRATION, int(expires_at.timestamp()), 0])


def project_names(names: Iterable[str]) -> str:
    """The caveat for chosen projects, by normalized name."""
    return _dump([PROJECT_NAMES, sorted(names)])


def account(account_id: UUID) -> str:
    """The caveat that names the owner."""
    return _dump([ACCOUNT, str(account_id)])


def instant(seconds: int) -> datetime:
    """An instant to be shown; what no calendar holds is moved to its edge."""
    return datetime.fromtimestamp(min(max(seconds, 0), LATEST), UTC)


def _dump(caveat: list[Any]) -> str:
    return json.dumps(caveat, separators=(",", ":"))


def _parse(caveat: bytes) -> list[Any]:
    try:
        found = json.loads(caveat.decode("utf-8"))
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _narrow(limits: Limits, caveat: list[Any]) -> Limits:
    match caveat:
        case [int(tag), int(expires), int(not_before)] if _whole(tag, expires, not_before) and tag == EXPIRATION:
            earliest = expires if limits.expires is None else min(expires, limits.expires)
            return replace(limits, expires=earliest, not_before=max(not_before, limits.not_before))
        case [int(tag), list(names)] if _whole(tag) and tag == PROJECT_NAMES and _texts(names):
            return replace(limits, projects=_both(limits.projects, map(normalize, names)))
        case [int(tag), list(ids)] if _whole(tag) and tag == PROJECT_IDS and _texts(ids):
            return replace(limits, project_ids=_both(limits.project_ids, ids))
        case [int(tag), str(account_id)] if _whole(tag) and tag == ACCOUNT:
            return replace(limits, accounts=_both(limits.accounts, [account_id]))
    return replace(limits, unknown=True)


def _whole(*numbers: int) -> bool:
    """JSON's true is an int to Python, but no tag and no time."""
    return not any(isinstance(number, bool) for number in numbers)


def _texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _both(known: frozenset[str] | None, added: Iterable[str]) -> frozenset[str]:
    return frozenset(added) if known is None else known & frozenset(added)
