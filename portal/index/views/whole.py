"""A document made for each request, which a client that has it already need not fetch again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.response import Response

from portal.index.conditions import dated, unchanged
from portal.index.service import last_change, recipe
from portal.index.views.stored import POLICY, REVALIDATED
from portal.kernel.work import Work

ETAG_LENGTH = 32


@dataclass(frozen=True)
class Edition:
    """Which document it is: `facts` differ where two documents do. `serial` and `changed_at` are those of the last
    change of what it tells.
    """

    facts: tuple[str, ...]
    serial: int
    changed_at: datetime | None

    @property
    def etag(self) -> str:
        """Its strong ETag (RFC 9110 §8.8.3)."""
        return f'"{hashlib.sha256(repr((self.serial, *self.facts)).encode()).hexdigest()[:ETAG_LENGTH]}"'


def edition_of(work: Work, name: str, *facts: str) -> Edition:
    """The edition of a document about a project, or about all of them for `ROOT`, of which `facts` say which it is."""
    serial, changed_at = last_change(work, name) or (0, None)
    return Edition((recipe(work), name, *facts), serial, changed_at)


def revalidated(request: Any, edition: Edition, make: Callable[[], bytes], content_type: str, *vary: str) -> Response:
    """The document, or 304, for which nothing is made. `content_type` is the whole header, `vary` the request headers
    besides `Accept-Encoding` that it depends on.
    """
    etag, changed_at = edition.etag, edition.changed_at
    modified = None if changed_at is None else dated(changed_at, request.work.now)
    # Whoever stands before the application may compress it, and 304 has to say the same as 200.
    headers = {
        "Cache-Control": REVALIDATED,
        "ETag": etag,
        "Content-Security-Policy": POLICY,
        "Vary": ", ".join(("Accept-Encoding", *vary)),
    }
    if modified is not None:
        headers["Last-Modified"] = modified
    response = Response(headerlist=list(headers.items()))
    if unchanged(request.headers, etag, modified):
        response.status_int = 304
        return response
    response.headers["Content-Type"] = content_type
    response.body = make()
    return response
