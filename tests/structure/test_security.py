"""What is said about security standards, and about sessions without cookies, is complete and shown by tests."""

from __future__ import annotations

import pytest

from tests.structure.evidence import LINK, NAMED, Row, document, has_evidence, missing_links, missing_tests, rows

STANDARDS, REVIEW = "security.md", "limited-mode-review.md"
STATES = {"met", "deviates", "not applicable", "not yet"}
LEAST_REASON = 30
ASVS = """
    1.2.10 3.1.1 3.2.1 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.4.7 3.4.8 3.5.1 3.5.3 3.5.8 3.7.5
    5.1.1 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5 5.2.6 5.3.1 5.3.2 5.3.3 5.4.1 5.4.2 5.4.3
    6.1.1 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 6.3.5 6.3.6 6.3.7 6.3.8
    6.4.3 6.4.4 6.4.5 6.4.6 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.5.6 6.5.8 6.6.2 6.7.2
    7.1.1 7.1.2 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.5.3
    8.1.1 8.1.2 8.1.3 8.1.4 8.2.1 8.2.2 8.2.3 8.2.4 8.3.1 8.3.2 8.3.3 9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4
    11.1.2 11.2.1 11.2.2 11.2.3 11.2.4 11.4.2 11.5.1 13.3.1 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5 13.4.6 13.4.7
    14.2.1 14.2.2 14.2.5 14.3.1 14.3.2 14.3.3 15.3.4 15.4.2 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5
    16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3 16.5.4
"""
NIST = "2.2.2 2.2.3 3.1.1.2 3.1.2 3.1.4 3.2.2 4.1.2.1 4.2.1.1 4.2.1.2 5.1 5.3 8"
HOLES = [
    *map(str, range(1, 19)),
    "password managers",
    "cookies later",
    "letters opened by programs",
    "language",
    "cost of sessions",
]
IDS = [("OWASP ASVS 5.0", ASVS.split()), ("NIST SP 800-63B-4", NIST.split())]


def part(heading: str) -> list[Row]:
    """The rows of one standard."""
    return [row for row in rows(document(STANDARDS)) if row.part == heading]


def wrong(row: Row) -> str:
    """What is missing in a row about a standard, or nothing."""
    *_asked, state, what, _shown = row.cells
    if state not in STATES:
        return f"{row.id}: {state!r} is no state"
    if state == "met" and not has_evidence(row):
        return f"{row.id}: nothing shows it"
    if state != "met" and len(what) < LEAST_REASON:
        return f"{row.id}: no reason"
    return ""


@pytest.mark.parametrize("page", [STANDARDS, REVIEW])
def test_every_test_and_section_that_is_named_exists(page: str) -> None:
    text = document(page)

    assert len(NAMED.findall(text)) > 30
    assert missing_tests(text) == []
    assert missing_links(text) == []


@pytest.mark.parametrize(("standard", "ids"), IDS)
def test_every_item_is_answered(standard: str, ids: list[str]) -> None:
    assert [asked for asked in ids if asked not in {row.id for row in part(standard)}] == []


@pytest.mark.parametrize(("standard", "ids"), IDS)
def test_what_is_met_is_shown_and_what_is_not_has_a_reason(standard: str, ids: list[str]) -> None:
    assert len(part(standard)) >= len(ids)
    assert [sentence for sentence in map(wrong, part(standard)) if sentence] == []


def test_every_hole_that_the_review_found_is_answered_once() -> None:
    assert [row.id for row in rows(document(REVIEW))] == HOLES


def test_every_hole_has_a_test_of_its_own_or_a_decision() -> None:
    assert [row.id for row in rows(document(REVIEW)) if not has_evidence(row)] == []
    for row in rows(document(REVIEW)):
        assert all(link.startswith("decisions/") for link in LINK.findall(row.shown)), row.id


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (("1.1", "that", "perhaps", "x" * 30, ""), "1.1: 'perhaps' is no state"),
        (("1.1", "that", "met", "x" * 30, "trust us"), "1.1: nothing shows it"),
        (("1.1", "that", "not yet", "later", ""), "1.1: no reason"),
        (("1.1", "that", "met", "so", "`web/test_x.py::test_y`"), ""),
    ],
)
def test_a_row_without_evidence_is_found(cells: tuple[str, ...], sentence: str) -> None:
    assert wrong(Row("", cells)) == sentence


def test_a_link_that_leads_nowhere_is_found() -> None:
    planted = "## Here\n[a](#here) [b](#there) [c](decisions/9999-nothing.md) [d](threat-model.md#a-stranger)"

    assert missing_links(planted) == ["#there", "decisions/9999-nothing.md"]


def test_a_table_is_read_with_its_heading() -> None:
    planted = "## One\n| a | b |\n| --- | --- |\n| 1 | x |\n\n## Two\n| a | b |\n| --- | --- |\n| 2 | y |\n"

    assert [(row.part, row.id, row.shown) for row in rows(planted)] == [("One", "1", "x"), ("Two", "2", "y")]
