"""The threat model names its tests, and they exist."""

from __future__ import annotations

import pytest

from tests.structure.evidence import NAMED, document, missing_links, missing_tests, rows

PAGE = "threat-model.md"
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


def test_every_test_it_names_exists() -> None:
    text = document(PAGE)

    assert len(NAMED.findall(text)) > 60
    assert missing_tests(text) == []
    assert missing_links(text) == []


def test_every_defence_is_shown_by_a_test() -> None:
    found = rows(document(PAGE))

    assert len(found) > 25
    assert [row.id for row in found if not NAMED.search(row.shown)] == []


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_each_attacker_has_rows_of_their_own(attacker: str) -> None:
    assert len([row for row in rows(document(PAGE)) if row.part == attacker]) >= 3


def test_a_test_that_is_gone_is_found() -> None:
    planted = "`structure/test_threat_model.py::test_gone` and `nowhere/test_x.py::test_y`"

    assert missing_tests(planted) == ["structure/test_threat_model.py::test_gone", "nowhere/test_x.py::test_y"]
