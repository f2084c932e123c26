"""What can be found: kept up with the projects, and read page by page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Uuid, column, exists, select, table

from portal.index.reading import latest_releases
from portal.index.search.port import Document, Search, words_of
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.events import FileUploaded
from portal.projects.models import QUARANTINED, Project, Release

PAGE_SIZE = 20
LAST_PAGE = 500
BATCH = 50

documents = table("search_documents", column("project_id", Uuid()))
"""The table of either database, made by a migration; only who has a row in it is asked here."""


@dataclass(frozen=True)
class Found:
    """One page of results, best first. `more` says whether there is a next page."""

    rows: list[tuple[Project, Release]]
    more: bool


def find(work: Work, query: str, page: int) -> Found:
    """Projects that have every word of the query, or all projects by name where it has none. Pages begin with 1."""
    offset, limit = (page - 1) * PAGE_SIZE, PAGE_SIZE + 1
    words = words_of(query)
    if words:
        ids = work.port(Search).find(work, words, offset=offset, limit=limit)
        of = select(Project).where(Project.id.in_(ids), Project.status != QUARANTINED)
        held = {project.id: project for project in work.db.scalars(of)}
        listed, more = [held[found] for found in ids if found in held][:PAGE_SIZE], len(ids) > PAGE_SIZE
    else:
        shown = select(Project).where(Project.status != QUARANTINED).order_by(Project.normalized)
        listed = list(work.db.scalars(shown.offset(offset).limit(limit)))
        listed, more = listed[:PAGE_SIZE], len(listed) > PAGE_SIZE
    latest = latest_releases(work, [project.id for project in listed])
    return Found([(project, latest[project.id]) for project in listed if project.id in latest], more)


def file_uploaded(work: Work, event: FileUploaded) -> None:
    """What is found of the project is what its latest release says."""
    keep_up(work, projects.find(work, event.project))


def keep_up(work: Work, project: Project) -> None:
    """Search what the latest release says of the project, in this transaction."""
    release = latest_releases(work, [project.id]).get(project.id)
    if release is None:
        work.port(Search).remove(work, project.id)
        return
    keywords = release.core_metadata.get("keywords") or ""
    text = " ".join(keywords) if isinstance(keywords, list) else str(keywords)
    document = Document(project.id, project.name, release.summary, text, release.description)
    work.port(Search).put(work, document)


def fill(instance: Instance) -> None:
    """Take in projects that no search has seen yet: those that were there before the search was."""
    with instance.work() as work:
        seen = exists().where(documents.c.project_id == Project.id)
        missing = select(Project).where(~seen, select(Release.id).where(Release.project_id == Project.id).exists())
        for project in work.db.scalars(missing.limit(BATCH)).all():
            keep_up(work, project)
