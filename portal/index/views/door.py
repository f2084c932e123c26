"""The fast path of installers: stored pages and whole files, each from one row, without the framework.

It answers only what it can answer in the same words as the views; all else it leaves to them: other
methods, queries, parts of files, pages that are stale or not there, names in another spelling.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, case, func, select

from portal.index.models import ROOT, Rendering
from portal.index.service import StoredPage, recipe
from portal.index.views.files import BINARY, described, streamed
from portal.index.views.stored import LONGEST, Answer, Wish, answer, document_wish, wish
from portal.kernel.errors import NotFound
from portal.kernel.rows import PreparedRow
from portal.kernel.work import Instance
from portal.projects.models import QUARANTINED, File, Project
from portal.projects.store import FileStore

NAME = r"([a-z0-9]+(?:-[a-z0-9]+)*)"
PAGE = re.compile(rf"/simple/(?:{NAME}/)?")
JSON_PAGE = re.compile(rf"/pypi/{NAME}/json/?")
FILE = re.compile(r"/files/([A-Za-z0-9][A-Za-z0-9._+!~/-]*)")
CONDITIONS = {"HTTP_IF_NONE_MATCH": "If-None-Match", "HTTP_IF_MODIFIED_SINCE": "If-Modified-Since"}
LARGEST = 1000 * 1024
"""Bytes of a page that may be answered here: what is larger a thread reads, and waitress would spool to the disk."""
LEFT_TO_THE_VIEWS = ("HTTP_RANGE", "HTTP_IF_RANGE")

Environ = dict[str, Any]


def nobody_passes(_environ: Environ) -> Answer | None:
    """The door of an instance whose views have to answer everything."""
    return None


class Door:
    """Stands before the framework."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        named = (Rendering.name == bindparam("name"), Rendering.kind == bindparam("kind"))
        columns = (Rendering.etag, Rendering.changed_at, Rendering.serial)
        bodies = ((True, Rendering.body_gzip), (False, Rendering.body))
        self.pages = {
            compressed: PreparedRow(
                instance.database,
                # Neither database reads a long value for its length alone.
                select(*columns, case((func.length(body) <= LARGEST, body))).where(
                    *named, Rendering.stale.is_(False), Rendering.recipe == recipe(instance)
                ),
            )
            for compressed, body in bodies
        }
        self.files = PreparedRow(
            instance.database,
            select(File.filename, File.sha256, File.uploaded_at, File.size)
            .join(Project, File.project_id == Project.id)
            .where(File.path == bindparam("path"), Project.status != QUARANTINED),
        )

    def __call__(self, environ: Environ) -> Answer | None:
        """The answer, or None: the views have it."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("QUERY_STRING"):
            return None
        path, accepts = environ["PATH_INFO"], environ.get("HTTP_ACCEPT_ENCODING")
        if any(len(value) > LONGEST for value in (environ.get("HTTP_ACCEPT", ""), accepts or "")):
            return None
        if found := PAGE.fullmatch(path):
            return self.page(environ, found[1] or ROOT, wish(environ.get("HTTP_ACCEPT"), accepts))
        if found := JSON_PAGE.fullmatch(path):
            return self.page(environ, found[1], document_wish(accepts))
        if found := FILE.fullmatch(path):
            return self.file(environ, found[1])
        return None

    def page(self, environ: Environ, name: str, wished: Wish) -> Answer | None:
        """A stored page that is not stale, not large, and tells something."""
        row = self.pages[wished.compressed].read(name=name, kind=wished.kind)
        if row is None or not row[-1]:
            return None
        etag, changed_at, serial, body = row
        found = StoredPage(body=bytes(body), etag=etag, changed_at=changed_at, serial=serial)
        sent = answer(found, wished, _conditions(environ), self.instance.clock.now())
        return sent if environ["REQUEST_METHOD"] == "GET" else replace(sent, body=[])

    def file(self, environ: Environ, key: str) -> Answer | None:
        """A whole file. It is opened before anything is promised."""
        if any(name in environ for name in (*LEFT_TO_THE_VIEWS, *CONDITIONS)) or environ["REQUEST_METHOD"] != "GET":
            return None
        row = self.files.read(path=key)
        if row is None:
            return None
        filename, sha256, uploaded_at, size = row
        try:
            file = self.instance.ports[FileStore].open(key)
        except NotFound:
            return None
        headers = described(filename, BINARY, f'"{sha256}"', uploaded_at)
        headers["Content-Length"] = str(size)
        return Answer("200 OK", headers, streamed(environ, file, 0, size))


def _conditions(environ: Environ) -> dict[str, str]:
    return {name: environ[key] for key, name in CONDITIONS.items() if key in environ}
