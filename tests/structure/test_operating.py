"""docs/operating.md knows every setting, and nothing that is none."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import Any

import pytest

from portal.cli.configuration import FIRST_FILE
from portal.kernel.settings import Settings
from tests.structure.sources import ROOT

PAGE = ROOT / "docs" / "operating.md"
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?:`(?P<default>[^`]*)`)? ?\| (?P<text>.+) \|$", re.MULTILINE)
NAMED = re.compile(r"\bdoorward\.([a-z0-9_]+) =")


def documented() -> dict[str, str]:
    """Each setting of the page's table, with its default."""
    _before, _heading, table = PAGE.read_text(encoding="utf-8").partition("\n## Settings\n")
    return {row["name"]: row["default"] or "" for row in ROW.finditer(table)}


def as_written(value: Any) -> str:
    """A default as an operator would write it."""
    if value in (None, MISSING):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_is_documented_with_its_default_and_no_other_is() -> None:
    assert documented() == {field.name: as_written(field.default) for field in fields(Settings)}


@pytest.mark.parametrize("text", [PAGE.read_text(encoding="utf-8"), FIRST_FILE], ids=["page", "first file"])
def test_every_setting_that_an_operator_is_told_to_write_exists(text: str) -> None:
    told = set(NAMED.findall(text))
    assert told
    assert told <= {field.name for field in fields(Settings)}


def test_the_readme_leads_to_the_page_and_the_page_to_every_file_for_nginx() -> None:
    assert "(docs/operating.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs" / "nginx").iterdir() if f"(nginx/{path.name})" not in page] == []
