"""A document made anew for each request, which a client that has it already need not fetch again."""

from __future__ import annotations

import hashlib
from typing import Any

from pyramid.response import Response

from portal.index.conditions import unchanged
from portal.index.views.stored import REVALIDATED

ETAG_LENGTH = 32


def revalidated(request: Any, body: bytes, content_type: str, **headers: str) -> Response:
    """The document, or 304; `content_type` is the whole header."""
    response = Response(headerlist=[("Cache-Control", REVALIDATED), *headers.items()])
    etag = f'"{hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]}"'
    response.headers["ETag"] = etag
    if unchanged(request.headers, etag, None):
        response.status_int = 304
        return response
    response.headers["Content-Type"] = content_type
    response.body = body
    return response
