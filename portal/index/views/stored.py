"""What a client is sent of a stored page: its format, its encoding, or that it has it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from webob.acceptparse import create_accept_encoding_header, create_accept_header

from portal.index.conditions import dated, unchanged
from portal.index.service import StoredPage
from portal.index.stale import Kind

PLAIN = "text/html"
HTML = "application/vnd.pypi.simple.v1+html"
JSON = "application/vnd.pypi.simple.v1+json"
DOCUMENT = "application/json"
LATEST = {"application/vnd.pypi.simple.latest+html": HTML, "application/vnd.pypi.simple.latest+json": JSON}
OFFERS = [PLAIN, HTML, JSON, *LATEST]
POLICY = "sandbox allow-downloads; default-src 'none'"
REVALIDATED = "public, no-cache"
REMEMBERED = 256
LONGEST = 256
"""Longer header values are taken as absent: what is remembered of them must stay small."""


@dataclass(frozen=True)
class Format:
    """A format of a stored page: how it is stored, what is added to its ETag and its type, what it depends on."""

    kind: Kind
    etag: str
    charset: str
    vary: str


FORMATS = {
    PLAIN: Format("html", "", "; charset=utf-8", "Accept, Accept-Encoding"),
    HTML: Format("html", "-v1", "; charset=utf-8", "Accept, Accept-Encoding"),
    JSON: Format("json", "-json", "", "Accept, Accept-Encoding"),
    DOCUMENT: Format("pypi", "", "", "Accept-Encoding"),
}


@dataclass(frozen=True)
class Wish:
    """The format that a client likes best, and whether it takes it compressed."""

    content_type: str
    compressed: bool

    @property
    def kind(self) -> Kind:
        """How the format is stored."""
        return FORMATS[self.content_type].kind


@dataclass(frozen=True)
class Answer:
    """What is sent: status line, headers, body."""

    status: str
    headers: dict[str, str]
    body: Iterable[bytes]


def document_wish(accept_encoding: str | None) -> Wish:
    """The same of a document of the JSON API, which has one format."""
    return replace(wish(None, accept_encoding), content_type=DOCUMENT)


def wish(accept: str | None, accept_encoding: str | None, asked: str | None = None) -> Wish:
    """Read from `Accept` and `Accept-Encoding` (PEP 691, RFC 9110 §12.5); `?format=` goes before `Accept`."""
    return _wish(
        *(value if value is None or len(value) <= LONGEST else None for value in (accept, accept_encoding, asked))
    )


@lru_cache(maxsize=REMEMBERED)
def _wish(accept: str | None, accept_encoding: str | None, asked: str | None) -> Wish:
    if asked not in OFFERS:
        found = create_accept_header(accept).acceptable_offers(OFFERS)
        asked = found[0][0] if found else PLAIN
    return Wish(LATEST.get(asked, asked), _takes_gzip(accept_encoding))


def _takes_gzip(accept_encoding: str | None) -> bool:
    """Whether the client takes gzip, and likes it as much as no encoding."""
    if not accept_encoding:
        return False
    found = create_accept_encoding_header(accept_encoding).acceptable_offers(["gzip", "identity"])
    return bool(found) and found[0][0] == "gzip"


def answer(found: StoredPage, wished: Wish, conditions: Mapping[str, str], now: datetime) -> Answer:
    """The page, or 304 where the client has it. Each format and encoding has an ETag of its own."""
    form = FORMATS[wished.content_type]
    etag = f'"{found.etag}{form.etag}{"-gz" if wished.compressed else ""}"'
    modified = dated(found.changed_at, now)
    headers = {
        "Cache-Control": REVALIDATED,
        "Vary": form.vary,
        "ETag": etag,
        "Content-Security-Policy": POLICY,
        "X-PyPI-Last-Serial": str(found.serial),
    }
    if modified is not None:
        headers["Last-Modified"] = modified
    if unchanged(conditions, etag, modified):
        return Answer("304 Not Modified", headers, [])
    headers["Content-Type"] = wished.content_type + form.charset
    headers["Content-Length"] = str(len(found.body))
    if wished.compressed:
        headers["Content-Encoding"] = "gzip"
    return Answer("200 OK", headers, [found.body])
