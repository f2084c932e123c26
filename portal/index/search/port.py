"""What a search is, whatever database finds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from portal.kernel.work import Work

QUERY_LIMIT = 200
WORD_LIMIT = 8
DESCRIPTION_LIMIT = 50_000
"""Characters of a description that are searched. PostgreSQL refuses to keep more than a megabyte of words."""
FIELD_LIMIT = 5_000
"""The same of each shorter text."""
SEPARATORS = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Document:
    """What is searched of a project, the weightiest first: name, summary, keywords, description."""

    project_id: UUID
    name: str
    summary: str
    keywords: str
    description: str


def document(project_id: UUID, name: str, summary: str, keywords: str, description: str) -> Document:
    """These texts, each parted into words and cut at what is searched of it."""
    return Document(
        project_id,
        plain(name[:FIELD_LIMIT]),
        plain(summary[:FIELD_LIMIT]),
        plain(keywords[:FIELD_LIMIT]),
        plain(description[:DESCRIPTION_LIMIT]),
    )


class Search(Protocol):
    """Finds projects by words. A word finds what begins with it; all words must be found."""

    def put(self, work: Work, document: Document) -> None:
        """Search this of the project from now on, in the transaction of `work`."""
        ...

    def remove(self, work: Work, project_id: UUID) -> None:
        """Find the project no more, in the transaction of `work`."""
        ...

    def find(self, work: Work, words: Sequence[str], *, offset: int, limit: int) -> list[UUID]:
        """Projects with all of these words, best first."""
        ...


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters; name separators part words. At most `WORD_LIMIT`."""
    return [word for word in SEPARATORS.split(text[:QUERY_LIMIT].lower()) if word][:WORD_LIMIT]


def plain(text: str) -> str:
    """A text as both databases part it into words alike; without NUL, which neither takes."""
    return SEPARATORS.sub(" ", text).strip()
