"""Narrowing a copy of a token, as anybody who holds it can, without asking the index.

A limit is added to the end of the chain (Birgisson et al., "Macaroons", NDSS 2014, §III). The token that it was
made from stays as it is. Limits with tags 0 to 3 mean the same to PyPI and its tools; those from 100 only here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.kernel.errors import Invalid
from portal.tokens.limits import (
    FOR_UPLOADS,
    DownloadsOnly,
    Expiration,
    Limit,
    Limits,
    Networks,
    OneVersion,
    ProjectIds,
    ProjectNames,
)
from portal.tokens.limits import read as read_limits
from portal.tokens.macaroon import CAVEAT_LIMIT, READ_LIMIT, extended, read


class NothingLeft(Invalid):
    """The copy could not be used for anything.

    `kind` is the class of the limit that leaves nothing; `held` is the limit of this kind that the token has already.
    """

    def __init__(self, kind: type[Limit], held: Limit | None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.held = held


class ReadsNothing(Invalid):
    """A token for downloads can't be limited by what is uploaded: the copy would read nothing."""


class CopyTooLong(Invalid):
    """The copy would be longer than any index takes (4 KB, 32 limits)."""


def narrowed(text: str, limits: Collection[Limit], *, now: datetime) -> str:
    """A copy of the token with these limits beside those it has.

    Raises Unreadable, NothingLeft, ReadsNothing and CopyTooLong.

    Whether the token is good for anything is known to its index alone.
    """
    sent = read(text)
    held = read_limits(sent.caveats)
    if held.get(DownloadsOnly) is not None and any(isinstance(limit, FOR_UPLOADS) for limit in limits):
        raise ReadsNothing
    for kind in _useless(held.also(limits), now):
        raise NothingLeft(kind, held.get(kind))
    caveats = [limit.caveat() for limit in limits]
    if len(sent.caveats) + len(caveats) > CAVEAT_LIMIT:
        raise CopyTooLong
    copy = extended(text, caveats)
    if len(copy) > READ_LIMIT:
        raise CopyTooLong
    return copy


def _useless(limits: Limits, now: datetime) -> list[type[Limit]]:
    """Limits that can't be met by anybody, because two of a kind have nothing in common."""
    names, ids, networks = limits.get(ProjectNames), limits.get(ProjectIds), limits.get(Networks)
    versions, until = limits.get(OneVersion), limits.get(Expiration)
    seconds = now.timestamp()
    empty: dict[type[Limit], bool] = {
        ProjectNames: names is not None and not names.names,
        ProjectIds: ids is not None and not ids.ids,
        Networks: networks is not None and not networks.networks,
        OneVersion: versions is not None and not versions.versions,
        Expiration: until is not None and (until.expires <= seconds or until.expires <= until.not_before),
    }
    return [kind for kind, nothing in empty.items() if nothing]
