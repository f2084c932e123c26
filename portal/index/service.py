"""The stored pages of the Simple API.

A change marks its pages stale in its own transaction. The first reader, or the worker, renders
such a page once; every other request is answered from one row.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import delete, select, update

from portal.index import simple
from portal.index.facts import names, project_facts
from portal.index.models import ROOT, Rendering
from portal.kernel.errors import NotFound
from portal.kernel.once import INSERTS
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.events import FileUploaded, ProjectCreated
from portal.projects.names import normalize
from portal.projects.releases.events import ProjectDeleted, ShelfEvent

Kind = Literal["html", "json"]
KINDS: tuple[Kind, Kind] = ("html", "json")
GZIP_LEVEL = 6
ETAG_LENGTH = 32
BATCH = 50

# One thread at a time: of many readers of a stale page one renders it, and the others then find it stored.
_rendering = threading.Lock()


@dataclass(frozen=True)
class StoredPage:
    """A page as it is sent. `changed_at` is when what it tells of changed."""

    body: bytes
    etag: str
    changed_at: datetime


def file_uploaded(work: Work, event: FileUploaded) -> None:
    """A new file: its project's pages are stale."""
    mark_stale(work, normalize(event.project))


def project_created(work: Work, event: ProjectCreated) -> None:
    """A new project: the list of projects is stale."""
    mark_stale(work, ROOT)


def shelf_changed(work: Work, event: ShelfEvent) -> None:
    """Something withdrawn, restored or deleted: its project's pages are stale."""
    mark_stale(work, normalize(event.project))


def project_deleted(work: Work, event: ProjectDeleted) -> None:
    """A project is gone: so are its pages, and the list of projects is stale."""
    work.db.execute(delete(Rendering).where(Rendering.name == normalize(event.project)))
    mark_stale(work, ROOT)


def mark_stale(work: Work, name: str) -> None:
    """Have a page rendered anew, in every format, before it is served again; in the transaction of `work`."""
    insert = INSERTS[work.db.get_bind().dialect.name](Rendering)
    rows = [_stale_row(work, name, kind) for kind in KINDS]
    again = {"version": Rendering.version + 1, "stale": True, "changed_at": work.now}
    work.db.execute(insert.values(rows).on_conflict_do_update(index_elements=["name", "kind"], set_=again))


def page(work: Work, name: str, kind: Kind, *, compressed: bool) -> StoredPage:
    """The page of a project by its normalized name, or of `ROOT`. Raises NotFound."""
    found = _stored(work, name, kind, compressed=compressed)
    if found is not None and not found[0]:
        return found[1]
    if found is None:
        _begin(work, name)
    work.settle()
    return renew(work.instance, name, kind, compressed=compressed)


def renew(instance: Instance, name: str, kind: Kind, *, compressed: bool) -> StoredPage:
    """Render a page, unless somebody just did, and store it unless it changed meanwhile. Raises NotFound."""
    with _rendering:
        with instance.work(write=False) as work:
            found = _stored(work, name, kind, compressed=compressed)
            if found is not None and not found[0]:
                return found[1]
            of = (Rendering.name == name, Rendering.kind == kind)
            # The version is read before what it tells of: a change in between leaves the page stale.
            read = work.db.execute(select(Rendering.version, Rendering.changed_at).where(*of)).one_or_none()
            if read is None:
                raise NotFound
            render = _renderer(work, name, kind)
        body = render()
        body_gzip = gzip.compress(body, GZIP_LEVEL, mtime=0)
        etag = hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]
        with instance.work() as work:
            unchanged = update(Rendering).where(*of, Rendering.version == read.version)
            work.db.execute(unchanged.values(body=body, body_gzip=body_gzip, etag=etag, stale=False))
    return StoredPage(body_gzip if compressed else body, etag, read.changed_at)


def render_stale(instance: Instance) -> None:
    """Render pages that have become stale, so that the next reader need not wait."""
    with instance.work(write=False) as work:
        query = select(Rendering.name, Rendering.kind).where(Rendering.stale).limit(BATCH)
        waiting = [(name, cast("Kind", kind)) for name, kind in work.db.execute(query)]
    for name, kind in waiting:
        renew(instance, name, kind, compressed=True)


def _stored(work: Work, name: str, kind: Kind, *, compressed: bool) -> tuple[bool, StoredPage] | None:
    """(whether it is stale, the page as it is stored), from one row."""
    body = Rendering.body_gzip if compressed else Rendering.body
    query = select(Rendering.stale, body, Rendering.etag, Rendering.changed_at)
    row = work.db.execute(query.where(Rendering.name == name, Rendering.kind == kind)).one_or_none()
    return None if row is None else (row[0], StoredPage(*row[1:]))


def _begin(work: Work, name: str) -> None:
    """The first row of a page that nothing has marked yet. Raises NotFound."""
    if name != ROOT and projects.find_or_none(work, name) is None:
        raise NotFound
    work.settle()
    with work.apart() as writing:
        insert = INSERTS[writing.db.get_bind().dialect.name](Rendering)
        rows = [_stale_row(writing, name, kind) for kind in KINDS]
        writing.db.execute(insert.values(rows).on_conflict_do_nothing())


def _stale_row(work: Work, name: str, kind: Kind) -> dict[str, object]:
    empty = {"etag": "", "body": b"", "body_gzip": b""}
    return {"name": name, "kind": kind, "version": 1, "stale": True, "changed_at": work.now, **empty}


def _renderer(work: Work, name: str, kind: Kind) -> Callable[[], bytes]:
    """What is read now, to be rendered when no transaction is open."""
    if name == ROOT:
        found = names(work)
        return lambda: simple.root_html(found) if kind == "html" else simple.root_json(shown for _, shown in found)
    facts = project_facts(work, projects.find(work, name))
    return lambda: simple.project_html(facts) if kind == "html" else simple.project_json(facts)
