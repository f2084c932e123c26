"""From the small HTML of a letter template to plain text: one subject, wrapped paragraphs, lists."""

from __future__ import annotations

import textwrap
from html.parser import HTMLParser

WIDTH = 72
BLOCKS = frozenset({"title", "p", "li"})


class LetterParser(HTMLParser):
    """Collects the text of `title`, `p` and `li`; text anywhere else is a defect of the template (ValueError)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._tag = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._tag, self._text = tag, ""

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            text = " ".join(self._text.split())
            if text:
                self.blocks.append((tag, text))
            self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag:
            self._text += data
        elif data.strip():
            raise ValueError(f"text outside of a paragraph: {data.strip()[:40]}")


def plain(markup: str) -> tuple[str, str]:
    """(subject, text) of a rendered letter. A word longer than a line, such as a link, is never broken."""
    parser = LetterParser()
    parser.feed(markup)
    parser.close()
    subject = next(text for tag, text in parser.blocks if tag == "title")
    text, before = "", ""
    for tag, block in parser.blocks:
        if tag == "title":
            continue
        gap = "" if not before else "\n" if before == tag == "li" else "\n\n"
        text += gap + _wrap(block, bullet=tag == "li")
        before = tag
    return subject, text + "\n"


def _wrap(block: str, *, bullet: bool) -> str:
    return textwrap.fill(
        block,
        WIDTH,
        initial_indent="- " if bullet else "",
        subsequent_indent="  " if bullet else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
