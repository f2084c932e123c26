"""The threat model names its tests, and they exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.structure.sources import ROOT, tree

NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (?!---|Wants )(.+?) \| (.+?) \| (.*) \|$", re.MULTILINE)
ATTACKERS = (
    "A stranger",
    "A reader of logs",
    "Somebody who looks over a shoulder",
    "A thief of a handle",
    "A thief of a mailbox",
    "A sibling subdomain",
    "A thief of the database",
    "A thief of a backup",
)


def model() -> str:
    """The page."""
    return (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def names(path: Path) -> set[str]:
    """The functions of a file."""
    return {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)} if path.is_file() else set()


def missing(text: str) -> list[str]:
    """The tests that a text names and that do not exist."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in names(ROOT / "tests" / file)]


def test_every_test_it_names_exists() -> None:
    text = model()

    assert len(NAMED.findall(text)) > 60
    assert missing(text) == []


def test_every_defence_is_shown_by_a_test() -> None:
    rows = ROW.findall(model())

    assert len(rows) > 25
    assert [wants for wants, _defence, shown in rows if not NAMED.search(shown)] == []


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_each_attacker_has_rows_of_their_own(attacker: str) -> None:
    part = model().partition(f"\n## {attacker}\n")[2].partition("\n## ")[0]

    assert len(ROW.findall(part)) >= 3


def test_a_test_that_is_gone_is_found() -> None:
    planted = "`structure/test_threat_model.py::test_gone` and `nowhere/test_x.py::test_y`"

    assert missing(planted) == ["structure/test_threat_model.py::test_gone", "nowhere/test_x.py::test_y"]
