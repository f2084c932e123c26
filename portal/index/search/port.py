"""What a search is, whatever database finds it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from portal.kernel.errors import DoorwardError
from portal.kernel.work import Work

QUERY_LIMIT = 200
WORD_LIMIT = 8
WORD_LENGTH = 100
PREFIX_LENGTH = 2
"""A shorter word finds only itself: half an index begins with any one letter."""
SECONDS = 3.0
"""What takes the database longer is given up."""
DESCRIPTION_LIMIT = 50_000
"""Characters of a description that are searched. PostgreSQL refuses to keep more than a megabyte of words."""
FIELD_LIMIT = 5_000
"""The same of each shorter text."""
WORDS = re.compile(r"[^\W_]+")


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


class SearchTooLong(DoorwardError):
    """The database needs longer for these words than anybody may keep it busy."""


class Search(Protocol):
    """Finds projects by words. A word finds what begins with it, unless it is very short; all must be found."""

    def put(self, work: Work, document: Document) -> None:
        """Search this of the project from now on, in the transaction of `work`."""
        ...

    def remove(self, work: Work, project_id: UUID) -> None:
        """Find the project no more, in the transaction of `work`."""
        ...

    def find(self, work: Work, words: Sequence[str], *, offset: int, limit: int) -> list[UUID]:
        """Projects with all of these words, best first. Raises SearchTooLong: then the transaction has failed."""
        ...


def fits(query: str) -> bool:
    """Whether all of a query is searched for: at most `QUERY_LIMIT` characters and `WORD_LIMIT` different words."""
    return len(query) <= QUERY_LIMIT and len(_different(query)) <= WORD_LIMIT


def words_of(query: str) -> list[str]:
    """The words of a query, in small letters, each once; name separators part words. At most `WORD_LIMIT`."""
    return _different(query)[:WORD_LIMIT]


def plain(text: str) -> str:
    """A text as both databases part it into words alike; without NUL, which neither takes."""
    return " ".join(_words(text))


def begins(word: str) -> bool:
    """Whether the word finds what begins with it as well."""
    return len(word) >= PREFIX_LENGTH


def _different(query: str) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in _words(query[:QUERY_LIMIT])))


def _words(text: str) -> Iterator[str]:
    if text.isascii():
        yield from (word[:WORD_LENGTH] for word in WORDS.findall(text))
        return
    for written in _parted(text):
        # Each by itself and cut before: the time for a row of combining marks grows with its square.
        normal = unicodedata.normalize("NFKC", written[:WORD_LENGTH])
        yield from (word[:WORD_LENGTH] for word in _parted(normal))


def _parted(text: str) -> list[str]:
    """Runs of letters and digits with the marks that belong to them, which `re` takes for separators."""
    kept = "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text)
    return [word for word in kept.split() if any(char.isalnum() for char in word)]
