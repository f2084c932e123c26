"""SQLite's full-text search (https://www.sqlite.org/fts5.html). The tables are made by a migration."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from portal.index.search.port import Document
from portal.kernel.work import Work
from portal.projects.models import QUARANTINED

PUT = text(
    "INSERT INTO search_documents (project_id, name, summary, keywords, description)"
    " VALUES (:project_id, :name, :summary, :keywords, :description)"
)
REMOVE = text("DELETE FROM search_documents WHERE project_id = :project_id")
# The weights stand in the order of the columns; the id is not searched.
FIND = text(
    "SELECT project_id FROM search_documents JOIN projects ON projects.id = project_id"
    " WHERE search_documents MATCH :words AND projects.status <> :hidden"
    " ORDER BY bm25(search_documents, 0, 20, 5, 5, 1), project_id LIMIT :limit OFFSET :offset"
)


class SqliteSearch:
    """`Search` on SQLite."""

    def put(self, work: Work, document: Document) -> None:
        """Replace what is searched of the project."""
        self.remove(work, document.project_id)
        work.db.execute(
            PUT,
            {
                "project_id": document.project_id.hex,
                "name": document.name,
                "summary": document.summary,
                "keywords": document.keywords,
                "description": document.description,
            },
        )

    def remove(self, work: Work, project_id: UUID) -> None:
        """Find the project no more."""
        work.db.execute(REMOVE, {"project_id": project_id.hex})

    def find(self, work: Work, words: Sequence[str], *, offset: int, limit: int) -> list[UUID]:
        """Projects with all of these words, best first. No word of a person has a meaning of its own in the query."""
        query = " AND ".join(f'"{word}"*' for word in words)
        rows = work.db.scalars(FIND, {"words": query, "hidden": QUARANTINED, "limit": limit, "offset": offset})
        return [UUID(found) for found in rows]
