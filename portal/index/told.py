"""What the page of a release tells besides its files."""

from __future__ import annotations

from email.utils import getaddresses
from typing import Any
from uuid import UUID

from portal.index.reading import ReleasePage

LENGTH = 200
"""Characters of authors, and of keywords, that are shown: they are names and words, not texts."""


def authors(metadata: dict[str, Any]) -> str:
    """Who wrote it, by name; of the fields for addresses only the names. Empty where nobody is named."""
    addressed = str(metadata.get("author_email") or "")
    named = [str(metadata.get("author") or ""), *(name for name, _address in getaddresses([addressed]))]
    return _short(", ".join(dict.fromkeys(name.strip() for name in named if name.strip())))


def keywords(metadata: dict[str, Any]) -> str:
    """The keywords with commas between them; in old metadata spaces part them. Empty where there are none."""
    given = metadata.get("keywords") or ""
    parts = given if isinstance(given, list) else str(given).split("," if "," in str(given) else None)
    return _short(", ".join(word for part in parts if (word := str(part).strip())))


def withdrawn(page: ReleasePage) -> set[UUID]:
    """The releases whose files are all withdrawn."""
    offered = {file.release_id for file in page.all_files if not file.yanked}
    return {file.release_id for file in page.all_files} - offered


def _short(text: str) -> str:
    return text if len(text) <= LENGTH else text[: LENGTH - 1].rstrip() + "…"
