"""Words on a page that nobody marked for translation, found by reading it in the pseudo-locale.

There every translated letter bears an accent. A plain letter therefore belongs to what people have
typed, to code, or to a sentence that was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from bs4 import Comment, Declaration, Doctype, NavigableString, Tag

from portal.language.pseudo import PLAIN

LETTER = re.compile(f"[{PLAIN}]")
CODE = frozenset({"code", "pre", "kbd", "samp", "time", "textarea", "script", "style", "template"})
SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-label", "aria-description", "aria-roledescription")
UNSEEN = (Comment, Declaration, Doctype)
# What computers have made: addresses, identifiers, digests, times.
MADE = re.compile(
    r"\S+\.whl\b|\S+\.tar\.gz\b|https?://\S+|[\w.+-]*…?@[\w.…-]+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\bsha256\b|\bUTC\b|\b\d+(?:\.\d+)?\s?(?:kB|MB|bytes?)\b"
    r"|\b\d+ (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b"
)


def unmarked(html: Tag, data: Collection[str]) -> list[str]:
    """The texts of a page that hold plain letters after data and code have been taken out."""
    return [text for text in texts(html) if LETTER.search(without(text, data))]


def texts(html: Tag) -> Iterator[str]:
    """What is seen or read out: text, and attributes that are spoken."""
    for node in html.descendants:
        if isinstance(node, Tag):
            yield from (str(node[name]) for name in SPOKEN if node.get(name))
            if node.name in {"button", "input"} and node.get("type") in {"submit", "button"}:
                yield str(node.get("value", ""))
        elif isinstance(node, NavigableString) and not isinstance(node, UNSEEN) and not is_code(node):
            yield str(node)


def is_code(node: Any) -> bool:
    """Whether the text stands in code, or in a language menu."""
    return any(parent.name in CODE or parent.get("hreflang") for parent in node.parents)


def without(text: str, data: Collection[str]) -> str:
    """The text without what people have typed and what computers have made."""
    text = MADE.sub(" ", text)
    for word in sorted(data, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", text)
    return text
