"""What can be found: kept up with the projects, and read page by page."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal.index.models import ROOT, Rendering, SearchProgress
from portal.index.reading import latest_releases
from portal.index.search.port import Search, SearchTooLong, document, words_of
from portal.kernel.once import INSERTS
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.models import QUARANTINED, Project, Release
from portal.throttle.service import Bucket, Kind, network_of, reserve

log = logging.getLogger("doorward.search")

PAGE_SIZE = 20
LAST_PAGE = 500
BATCH = 50


@dataclass(frozen=True)
class Found:
    """One page of results, best first. `more` says whether there is a next page."""

    rows: list[tuple[Project, Release]]
    more: bool


def reserve_search(work: Work) -> None:
    """Count a search for the network that it comes from. Raises Throttled and TransactionOpen."""
    reserve(work, [Bucket(Kind.SEARCH, network_of(work.actor.address))])


def find(work: Work, query: str, page: int) -> Found:
    """Projects that have every word of the query, or all projects by name where it is empty. Pages begin with 1.

    Signs that are no words find nothing. Raises SearchTooLong; then the transaction is over.
    """
    offset, limit = (page - 1) * PAGE_SIZE, PAGE_SIZE + 1
    words = words_of(query)
    if query and not words:
        return Found([], more=False)
    if words:
        try:
            ids = work.port(Search).find(work, words, offset=offset, limit=limit)
        except SearchTooLong:
            work.db.rollback()
            raise
        of = select(Project).where(Project.id.in_(ids), Project.status != QUARANTINED)
        held = {project.id: project for project in work.db.scalars(of)}
        listed, more = [held[found] for found in ids if found in held][:PAGE_SIZE], len(ids) > PAGE_SIZE
    else:
        shown = select(Project).where(Project.status != QUARANTINED).order_by(Project.normalized)
        listed = list(work.db.scalars(shown.offset(offset).limit(limit)))
        listed, more = listed[:PAGE_SIZE], len(listed) > PAGE_SIZE
    latest = latest_releases(work, [project.id for project in listed])
    return Found([(project, latest[project.id]) for project in listed if project.id in latest], more)


def keep_up(work: Work, project: Project) -> None:
    """Search what the latest release says of the project, in this transaction."""
    release = latest_releases(work, [project.id]).get(project.id)
    if release is None:
        work.port(Search).remove(work, project.id)
        return
    keywords = release.core_metadata.get("keywords") or ""
    text = " ".join(keywords) if isinstance(keywords, list) else str(keywords)
    work.port(Search).put(work, document(project.id, project.name, release.summary, text, release.description))


def catch_up(instance: Instance) -> None:
    """Take in what has changed since the last time; called by the worker, so that no upload waits for it.

    Changes are counted in the order of their commits, so that none is passed over.
    """
    with instance.work() as work:
        seen = _progress(work)
        changed = select(Rendering.name, Rendering.serial).where(
            Rendering.kind == "json", Rendering.name != ROOT, Rendering.serial > seen.serial
        )
        for name, serial in work.db.execute(changed.order_by(Rendering.serial).limit(BATCH)).all():
            try:
                with work.db.begin_nested():
                    project = projects.find_or_none(work, name)
                    if project is not None:
                        keep_up(work, project)
            except SQLAlchemyError:
                # What the database can't take of one project must not keep the others out of the search.
                log.exception("the search could not take in a project")
            seen.serial = serial


def _progress(work: Work) -> SearchProgress:
    """The one row that says how far the search has come; nobody else goes on before this transaction ends."""
    insert = INSERTS[work.db.get_bind().dialect.name](SearchProgress)
    work.db.execute(insert.values(id=1, serial=0).on_conflict_do_nothing())
    return work.db.scalars(select(SearchProgress).with_for_update()).one()
