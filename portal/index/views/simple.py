"""The Simple API: `/simple/` and `/simple/NAME/`, as HTML and as JSON."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.response import Response

from portal.index import service
from portal.index.conditions import dated, unchanged
from portal.index.models import ROOT
from portal.index.service import Kind, StoredPage
from portal.kernel.errors import NotFound
from portal.kernel.words import _
from portal.projects.names import normalize
from portal.web.options import PageView, page

PLAIN = "text/html"
HTML = "application/vnd.pypi.simple.v1+html"
JSON = "application/vnd.pypi.simple.v1+json"
KINDS: dict[str, Kind] = {PLAIN: "html", HTML: "html", JSON: "json"}
LATEST = {"application/vnd.pypi.simple.latest+html": HTML, "application/vnd.pypi.simple.latest+json": JSON}
ETAGS = {PLAIN: "", HTML: "-v1", JSON: "-json"}
OFFERS = [*KINDS, *LATEST]
POLICY = "sandbox allow-downloads; default-src 'none'"
REVALIDATED = "public, no-cache"
A_DAY = "public, max-age=86400"


@page("index.simple_root", renderer=None, access="anyone")
class SimpleRoot(PageView):
    """The list of all projects."""

    name = ROOT

    def __call__(self) -> Response:
        """The stored page in the best format and encoding for the client, or 304."""
        kind = content_type(self.request)
        compressed = takes_gzip(self.request)
        try:
            found = service.page(self.work, self.name, KINDS[kind], compressed=compressed)
        except NotFound:
            return no_such_project(self.request)
        return answer(self.request, found, kind, compressed=compressed)


@page("index.simple_project", renderer=None, access="anyone")
class SimpleProject(SimpleRoot):
    """The files of one project."""

    def __call__(self) -> Response:
        """The same, at the address of the normalized name only (PEP 503)."""
        asked = self.request.matchdict["name"]
        self.name = normalize(asked)
        if self.name != asked:
            path = self.request.route_path("index.simple_project", name=self.name, _query=self.request.GET)
            return HTTPMovedPermanently(path, cache_control=A_DAY, vary="Accept")
        return super().__call__()


def content_type(request: Any) -> str:
    """The format that the client likes best (PEP 691); HTML where it likes none. `?format=` goes before `Accept`."""
    asked = request.GET.get("format")
    if asked not in OFFERS:
        found = request.accept.acceptable_offers(OFFERS)
        asked = found[0][0] if found else PLAIN
    return LATEST.get(asked, asked)


def takes_gzip(request: Any) -> bool:
    """Whether the client takes gzip, and likes it as much as no encoding."""
    if not request.headers.get("Accept-Encoding"):
        return False
    found = request.accept_encoding.acceptable_offers(["gzip", "identity"])
    return bool(found) and found[0][0] == "gzip"


def answer(request: Any, found: StoredPage, kind: str, *, compressed: bool) -> Response:
    """The page, or 304 where the client has it. Each format and encoding has an ETag of its own."""
    etag = f'"{found.etag}{ETAGS[kind]}{"-gz" if compressed else ""}"'
    modified = dated(found.changed_at, request.work.now)
    response = Response(cache_control=REVALIDATED, vary="Accept, Accept-Encoding")
    response.headers["ETag"] = etag
    response.headers["Content-Security-Policy"] = POLICY
    if modified is not None:
        response.headers["Last-Modified"] = modified
    if unchanged(request.headers, etag, modified):
        return as_not_modified(response)
    response.content_type = kind
    response.charset = "utf-8" if kind != JSON else None
    response.body = found.body
    if compressed:
        response.content_encoding = "gzip"
    return response


def as_not_modified(response: Response) -> Response:
    """The same as 304, without a body or what describes one."""
    response.status_int = 304
    del response.content_type
    del response.content_length
    return response


def no_such_project(request: Any) -> Response:
    """A short 404: an installer shows none of it, a person all."""
    sentence = request.localizer.translate(_("There is no project of this name on this index."))
    return Response(sentence + "\n", status=404, content_type="text/plain", charset="utf-8")
