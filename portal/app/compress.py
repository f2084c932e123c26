"""Pages compressed by the application itself: nobody has to set up a proxy for a slow link.

Form tokens are salted anew in every page, so that compression tells nothing of them (BREACH).
"""

from __future__ import annotations

import gzip

from webob import Response

KINDS = frozenset(
    {
        "text/html",
        "text/css",
        "text/plain",
        "image/svg+xml",
        "text/javascript",
        "application/json",
        "application/rss+xml",
    }
)
SMALLEST = 400
LEVEL = 6


def compress(response: Response, accepts: str) -> None:
    """Gzip a text answer where the client takes it; streamed and already encoded answers stay as they are."""
    if response.content_type not in KINDS or response.content_encoding or not isinstance(response.app_iter, list):
        return
    response.vary = sorted({*(response.vary or ()), "Accept-Encoding"})
    body = response.body
    if len(body) < SMALLEST or not takes_gzip(accepts) or response.status_int == 304:
        return
    response.body = gzip.compress(body, LEVEL, mtime=0)
    response.content_encoding = "gzip"
    if etag := response.headers.get("ETag"):
        response.headers["ETag"] = f"W/{etag}" if not etag.startswith("W/") else etag


def takes_gzip(accepts: str) -> bool:
    """Whether an Accept-Encoding header takes gzip (RFC 9110 §12.5.3)."""
    for part in accepts.lower().split(","):
        coding, _, weight = part.strip().partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
