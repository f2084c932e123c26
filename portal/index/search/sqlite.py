"""SQLite's full-text search (https://www.sqlite.org/fts5.html). The tables are made by a migration."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.index.search import port
from portal.index.search.port import Document, SearchTooLong, begins
from portal.kernel.work import Work
from portal.projects.models import QUARANTINED

STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock."""
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
        query = " AND ".join(f'"{word}"' + "*" * begins(word) for word in words)
        given = {"words": query, "hidden": QUARANTINED, "limit": limit, "offset": offset}
        driver: Any = work.db.connection().connection.driver_connection
        ends = time.monotonic() + port.SECONDS
        driver.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
        try:
            return [UUID(found) for found in work.db.scalars(FIND, given)]
        except OperationalError as error:
            if "interrupted" not in str(error.orig):
                raise
            raise SearchTooLong from error
        finally:
            driver.set_progress_handler(None, 0)
