"""A document made anew for each request, which a client that has it already need not fetch again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from pyramid.response import Response

from portal.index.conditions import dated, unchanged
from portal.index.views.stored import POLICY, REVALIDATED

ETAG_LENGTH = 32


def revalidated(request: Any, body: bytes, content_type: str, changed_at: datetime | None, *vary: str) -> Response:
    """The document, or 304. `content_type` is the whole header, `changed_at` the last change of what it tells,
    `vary` the request headers besides `Accept-Encoding` that it depends on.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]}"'
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
    response.body = body
    return response
