"""Documents that name their evidence: tables whose rows point at tests, decisions and sections."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.structure.sources import ROOT, tree

DOCS = ROOT / "docs"
NAMED = re.compile(r"`(?:tests/)?([\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
RULE = re.compile(r":?-+:?")


@dataclass(frozen=True)
class Row:
    """One row of a table: its cells, and the heading under which it stands."""

    part: str
    cells: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its first cell."""
        return self.cells[0]

    @property
    def shown(self) -> str:
        """Its last cell: the evidence."""
        return self.cells[-1]


def document(name: str) -> str:
    """A page of `docs/`."""
    return (DOCS / name).read_text(encoding="utf-8")


def rows(text: str) -> list[Row]:
    """The rows of all tables of a page, without their heads."""
    found: list[Row] = []
    part, head = "", True
    for line in text.splitlines():
        if line.startswith("#"):
            part = line.lstrip("# ")
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|")) if line.startswith("| ") else ()
        if not cells:
            head = True
        elif all(RULE.fullmatch(cell) for cell in cells):
            head = False
        elif not head:
            found.append(Row(part, cells))
    return found


@cache
def names(path: Path) -> frozenset[str]:
    """The functions of a file; none where there is no such file."""
    found = tree(path).body if path.is_file() else []
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef))


def missing_tests(text: str) -> list[str]:
    """The tests that a text names and that do not exist."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in names(ROOT / "tests" / file)]


def missing_links(text: str) -> list[str]:
    """The files and sections that a page of `docs/` links to and that do not exist."""
    return [link for link in LINK.findall(text) if "://" not in link and not _leads_somewhere(link, text)]


def _leads_somewhere(link: str, text: str) -> bool:
    file, _, section = link.partition("#")
    path = DOCS / file
    if file and not path.is_file():
        return False
    there = path.read_text(encoding="utf-8") if file else text
    return not section or section in {_slug(heading) for heading in HEADING.findall(there)}


def _slug(heading: str) -> str:
    """The anchor that a heading gets where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def has_evidence(row: Row) -> bool:
    """Whether it names a test, or a decision or section."""
    return bool(NAMED.search(row.shown) or LINK.search(row.shown))
