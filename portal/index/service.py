"""The stored pages of the Simple API, and documents of the JSON API.

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
from typing import cast

from sqlalchemy import delete, exists, or_, select, update

from portal.index import simple
from portal.index.facts import names, project_facts
from portal.index.jsonapi import as_json, project_json
from portal.index.models import ROOT, Rendering
from portal.index.reading import latest_page
from portal.index.search.port import Search
from portal.index.stale import Kind, add_rows, mark_stale
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.events import FileUploaded, MemberLeft, ProjectCreated
from portal.projects.lifecycle.events import LifecycleEvent, ProjectQuarantined, ProjectReleased
from portal.projects.members.events import MemberJoined, MemberRemoved, RoleLowered, RoleRaised
from portal.projects.models import Project
from portal.projects.names import normalize
from portal.projects.releases.events import ProjectDeleted, ShelfEvent

PeopleEvent = MemberJoined | MemberLeft | MemberRemoved | RoleLowered | RoleRaised
FORM = 1
"""To be counted up where a release of this software renders something else of the same facts."""
GZIP_LEVEL = 6
ETAG_LENGTH = 32
BATCH = 50

# One thread at a time: of many readers of a stale page one renders it, and the others then find it stored.
_rendering = threading.Lock()


@dataclass(frozen=True)
class StoredPage:
    """A page as it is sent. `changed_at` and `serial` are those of the last change of what it tells of."""

    body: bytes
    etag: str
    changed_at: datetime
    serial: int


def file_uploaded(work: Work, event: FileUploaded) -> None:
    """A new file: its project's pages are stale."""
    mark_stale(work, normalize(event.project))


def project_created(work: Work, event: ProjectCreated) -> None:
    """A new project: the list of projects is stale."""
    mark_stale(work, ROOT)


def shelf_changed(work: Work, event: ShelfEvent) -> None:
    """Something withdrawn, restored or deleted: its project's pages are stale."""
    mark_stale(work, normalize(event.project))


def status_changed(work: Work, event: LifecycleEvent) -> None:
    """A project's pages tell its status; the list of projects leaves out those in quarantine."""
    if isinstance(event, ProjectQuarantined | ProjectReleased):
        mark_stale(work, ROOT)
    mark_stale(work, normalize(event.project))


def people_changed(work: Work, event: PeopleEvent) -> None:
    """Somebody has another role: its project's pages, which name its people, are stale."""
    mark_stale(work, normalize(event.project))


def project_deleted(work: Work, event: ProjectDeleted) -> None:
    """A project is gone: so are its pages and its words, and the list of projects is stale."""
    if event.project_id is not None:
        work.port(Search).remove(work, event.project_id)
    work.db.execute(delete(Rendering).where(Rendering.name == normalize(event.project)))
    mark_stale(work, ROOT)


def page(work: Work, name: str, kind: Kind, *, compressed: bool) -> StoredPage:
    """The page of a project by its normalized name, or of `ROOT`. Raises NotFound."""
    found = _stored(work, name, kind, compressed=compressed)
    if found is not None and not found[0]:
        return _told(found[1])
    if found is None:
        _begin(work, name)
    work.settle()
    return renew(work.instance, name, kind, compressed=compressed)


def renew(instance: Instance, name: str, kind: Kind, *, compressed: bool) -> StoredPage:
    """Render a page, unless somebody just did, and store it unless it changed meanwhile. Raises NotFound."""
    of = (Rendering.name == name, Rendering.kind == kind)
    with _rendering:
        with instance.work(write=False) as work:
            found = _stored(work, name, kind, compressed=compressed)
            if found is not None and not found[0]:
                return _told(found[1])
            # The version is read before what it tells of: a change in between leaves the page stale.
            columns = (Rendering.version, Rendering.changed_at, Rendering.serial, Rendering.recipe)
            read = work.db.execute(select(*columns).where(*of)).one_or_none()
            if read is None:
                raise NotFound
            render = _renderer(work, name, kind, read.serial)
            # What is rendered in another way has changed, too.
            changed_at = read.changed_at if read.recipe in {"", recipe(work)} else work.now
        body = render()
        body_gzip = gzip.compress(body, GZIP_LEVEL, mtime=0) if body else b""
        etag = hashlib.sha256(body).hexdigest()[:ETAG_LENGTH]
        with instance.work() as work:
            stored = {"body": body, "body_gzip": body_gzip, "etag": etag, "changed_at": changed_at}
            unchanged = update(Rendering).where(*of, Rendering.version == read.version)
            work.db.execute(unchanged.values(stale=False, recipe=recipe(work), **stored))
    return _told(StoredPage(body_gzip if compressed else body, etag, changed_at, read.serial))


def recipe(work: Work | Instance) -> str:
    """What a page renders with besides its facts: stored with another one, it is stale."""
    return f"{FORM} {work.settings.base_url}"


def last_change(work: Work, name: str) -> tuple[int, datetime] | None:
    """Number and time of the last change of a project, or of all for `ROOT`; None before there was one."""
    query = select(Rendering.serial, Rendering.changed_at).where(Rendering.kind == "json")
    if name != ROOT:
        query = query.where(Rendering.name == name)
    # The row of the list of projects has the number of the last change of all; its time stands in the next row.
    rows = work.db.execute(query.order_by(Rendering.serial.desc()).limit(2)).all()
    return (rows[0].serial, max(row.changed_at for row in rows)) if rows else None


def render_stale(instance: Instance) -> None:
    """Render pages that have become stale, so that the next reader need not wait."""
    with instance.work(write=False) as work:
        query = select(Rendering.name, Rendering.kind, Rendering.version).where(Rendering.stale).limit(BATCH)
        waiting = [(name, cast("Kind", kind), version) for name, kind, version in work.db.execute(query)]
    for name, kind, version in waiting:
        try:
            renew(instance, name, kind, compressed=True)
        except NotFound:
            _drop(instance, name, version)


def _drop(instance: Instance, name: str, version: int) -> None:
    """Forget the page of a project that is gone, unless it came back meanwhile."""
    gone = (Rendering.version == version, ~exists().where(Project.normalized == name))
    with instance.work() as work:
        work.db.execute(delete(Rendering).where(Rendering.name == name, *gone))


def _told(found: StoredPage) -> StoredPage:
    """The page, if there is anything to tell. Raises NotFound."""
    if not found.body:
        raise NotFound
    return found


def _stored(work: Work, name: str, kind: Kind, *, compressed: bool) -> tuple[bool, StoredPage] | None:
    """(whether it is stale, the page as it is stored), from one row."""
    body = Rendering.body_gzip if compressed else Rendering.body
    stale = or_(Rendering.stale, Rendering.recipe != recipe(work))
    query = select(stale, body, Rendering.etag, Rendering.changed_at, Rendering.serial)
    row = work.db.execute(query.where(Rendering.name == name, Rendering.kind == kind)).one_or_none()
    return None if row is None else (row[0], StoredPage(*row[1:]))


def _begin(work: Work, name: str) -> None:
    """The first row of a page that nothing has marked yet. Raises NotFound."""
    if name != ROOT and projects.find_or_none(work, name) is None:
        raise NotFound
    work.settle()
    with work.apart() as writing:
        add_rows(writing, name)


def _renderer(work: Work, name: str, kind: Kind, serial: int) -> Callable[[], bytes]:
    """What is read now, to be rendered when no transaction is open."""
    if name == ROOT:
        found = names(work)
        return lambda: simple.root_html(found) if kind == "html" else simple.root_json(shown for _, shown in found)
    if kind == "pypi":
        return _document(work, name, serial)
    facts = project_facts(work, projects.find(work, name))
    return lambda: simple.project_html(facts) if kind == "html" else simple.project_json(facts, serial)


def _document(work: Work, name: str, serial: int) -> Callable[[], bytes]:
    """The JSON API's document; nothing where a project has no page."""
    projects.find(work, name)
    try:
        told = project_json(latest_page(work, name), work.settings.base_url, serial)
    except NotFound:
        return bytes
    return lambda: as_json(told)
