"""PostgreSQL's text search (https://www.postgresql.org/docs/current/textsearch.html). A migration makes the table.

The configuration is `simple`: descriptions come in every language, and no word is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.index.search import port
from portal.index.search.port import Document, SearchTooLong, begins
from portal.kernel.work import Work
from portal.projects.models import QUARANTINED

CANCELED = "57014"
"""SQLSTATE of a statement that took too long (PostgreSQL documentation, appendix A)."""
LIMIT = text("SELECT set_config('statement_timeout', :time, true)")
PUT = text(
    "INSERT INTO search_documents (project_id, words) VALUES (:project_id,"
    " setweight(to_tsvector('simple', :name), 'A') || setweight(to_tsvector('simple', :summary), 'B')"
    " || setweight(to_tsvector('simple', :keywords), 'B') || setweight(to_tsvector('simple', :description), 'D'))"
    " ON CONFLICT (project_id) DO UPDATE SET words = excluded.words"
)
REMOVE = text("DELETE FROM search_documents WHERE project_id = :project_id")
FIND = text(
    "SELECT project_id FROM to_tsquery('simple', :words) AS asked, search_documents"
    " JOIN projects ON projects.id = project_id WHERE words @@ asked AND projects.status <> :hidden"
    " ORDER BY ts_rank('{0.05, 0.1, 0.25, 1.0}', words, asked, 1) DESC, project_id LIMIT :limit OFFSET :offset"
)


class PostgresqlSearch:
    """`Search` on PostgreSQL."""

    def put(self, work: Work, document: Document) -> None:
        """Replace what is searched of the project."""
        work.db.execute(
            PUT,
            {
                "project_id": document.project_id,
                "name": document.name,
                "summary": document.summary,
                "keywords": document.keywords,
                "description": document.description,
            },
        )

    def remove(self, work: Work, project_id: UUID) -> None:
        """Find the project no more."""
        work.db.execute(REMOVE, {"project_id": project_id})

    def find(self, work: Work, words: Sequence[str], *, offset: int, limit: int) -> list[UUID]:
        """Projects with all of these words, best first. Words are letters and digits only: none is an operator."""
        query = " & ".join(f"'{word}'" + ":*" * begins(word) for word in words)
        given = {"words": query, "hidden": QUARANTINED, "limit": limit, "offset": offset}
        work.db.execute(LIMIT, {"time": f"{port.SECONDS * 1000:.0f}"})
        try:
            found = list(work.db.scalars(FIND, given))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != CANCELED:
                raise
            raise SearchTooLong from error
        work.db.execute(LIMIT, {"time": "0"})
        return found
