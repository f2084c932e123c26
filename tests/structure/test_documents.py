"""What lies where, and what no file may say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from portal.app.routes import TARGET, listing
from tests.structure.sources import ROOT

TOP = {
    ".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md",
    "a11y", "docs", "locale", "portal", "pyproject.toml", "requirements-test.lock", "requirements.lock", "setup.cfg",
    "templates", "tests",
}  # fmt: skip
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/(?:home|Users|work)/[a-z]",
    "unfinished work": r"\b(?:TODO|FIXME|XXX|HACK)\b",
}
HERE = Path(__file__).relative_to(ROOT).as_posix()
OTHERS = {"LICENSE", "a11y/package-lock.json", "requirements.lock", "requirements-test.lock", HERE}
"""Files that others wrote, or that name what they look for."""


def known(root: Path = ROOT) -> list[str]:
    """Every file that git keeps, or would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [name for name in found.split("\0") if name and (root / name).is_file()]


def said(text: str) -> list[str]:
    """Which of the forbidden things a text says."""
    flags = {"unfinished work": 0}
    return [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, flags.get(what, re.IGNORECASE))]


def test_the_top_level_holds_what_it_should() -> None:
    assert {name.partition("/")[0] for name in known()} - TOP == set()


def test_no_file_says_what_it_should_not() -> None:
    found = {}
    for name in sorted(set(known()) - OTHERS):
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if what := said(text):
            found[name] = what

    assert found == {}


@pytest.mark.parametrize("text", ["see /home/ada/x", "# TODO later"])
def test_a_forbidden_word_is_found(text: str) -> None:
    assert len(said(text)) == 1


@pytest.mark.parametrize("text", ["a todo list", "network/main", "example.org/home/"])
def test_a_word_that_only_looks_like_one_is_not(text: str) -> None:
    assert said(text) == []


def test_the_list_of_urls_is_fresh(registry: Any) -> None:
    assert TARGET.read_text(encoding="utf-8") == listing(registry), "run `make routes`"
