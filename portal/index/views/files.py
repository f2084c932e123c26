"""Downloads: whole files and parts of them, never held by a thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import SEEK_SET
from typing import Any, BinaryIO

from pyramid.response import Response

from portal.index.conditions import Unsatisfiable, asked_range, http_date, unchanged
from portal.index.facts import stored_file
from portal.index.parts import Part
from portal.index.views.simple import as_not_modified
from portal.kernel.errors import NotFound
from portal.projects.models import METADATA_SUFFIX
from portal.projects.store import FileStore
from portal.web.options import PageView, page
from portal.web.static import FOREVER

BLOCK = 256 * 1024
POLICY = "sandbox; default-src 'none'"
BINARY = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Download:
    """What is sent: a key of the file store, and what is known of its bytes."""

    key: str
    filename: str
    sha256: str
    uploaded_at: datetime
    kind: str


@page("index.file", renderer=None, access="anyone", reading=True)
class File(PageView):
    """One file, or with `.metadata` behind its name the metadata in it (PEP 658)."""

    def __call__(self) -> Response:
        """200, 206, 304 or 416. Raises NotFound."""
        found = self.found(self.request.matchdict["path"])
        file = self.work.port(FileStore).open(found.key)
        size = file.seek(0, 2)
        etag, modified = f'"{found.sha256}"', http_date(found.uploaded_at)
        headers = described(found.filename, found.kind, etag, found.uploaded_at)
        response = Response(headerlist=list(headers.items()))
        try:
            if unchanged(self.request.headers, etag, modified):
                file.close()
                return as_not_modified(response)
            asked = asked_range(self.request.headers, etag, modified, size) if self.request.method == "GET" else None
        except Unsatisfiable:
            file.close()
            return refused(size)
        start, stop = asked or (0, size)
        if asked is not None:
            response.status_int = 206
            response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        response.app_iter = streamed(self.request.environ, file, start, stop)
        response.content_length = stop - start
        return response

    def found(self, path: str) -> Download:
        """The file of this address, or its metadata. Raises NotFound."""
        file = stored_file(self.work, path)
        if file is not None:
            return Download(path, file.filename, file.sha256, file.uploaded_at, BINARY)
        file = stored_file(self.work, path.removesuffix(METADATA_SUFFIX)) if path.endswith(METADATA_SUFFIX) else None
        if file is None or file.metadata_sha256 is None:
            raise NotFound
        return Download(path, file.filename + METADATA_SUFFIX, file.metadata_sha256, file.uploaded_at, TEXT)


def described(filename: str, kind: str, etag: str, uploaded_at: datetime) -> dict[str, str]:
    """The headers that every answer about a file has. What lies at an address never changes."""
    return {
        "Content-Type": kind,
        "ETag": etag,
        "Last-Modified": http_date(uploaded_at),
        "Cache-Control": FOREVER,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Content-Security-Policy": POLICY,
    }


def refused(size: int) -> Response:
    """416, with the size that there is."""
    response = Response(status=416, content_type="text/plain", charset="utf-8")
    response.headers["Content-Range"] = f"bytes */{size}"
    return response


def streamed(environ: dict[str, Any], file: BinaryIO, start: int, stop: int) -> Iterable[bytes]:
    """The bytes, for the server to send when the client takes them: no thread waits for a slow reader.

    WebOb's own range wrapper would hide the file from the server, which would then read it in a thread.
    """
    part = Part(file, start, stop)
    part.seek(0, SEEK_SET)
    wrap = environ.get("wsgi.file_wrapper")
    found: Iterable[bytes] = wrap(part, BLOCK) if wrap is not None else part
    return found
