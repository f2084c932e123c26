"""The best language for what a browser asks for (RFC 4647 §3.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.language.lookup import MOST_RANGES, best

CODES = ["en", "de", "fr", "pt-BR", "zh-Hant", "zh-Hans", "nb", "sr-Latn"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("de", "de"),
        ("DE-ch", "de"),
        ("de-x-bavarian", "de"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("no", "nb"),
        ("sr-Latn-RS", "sr-Latn"),
        ("sr", None),
        ("xx", None),
        ("*", None),
        ("", None),
    ],
)
def test_one_range_finds_its_language(asked: str, code: str | None) -> None:
    assert best([(asked, 1.0)], CODES) == code


def test_the_heavier_range_wins_and_of_equals_the_first() -> None:
    assert best([("de", 0.4), ("fr", 0.9)], CODES) == "fr"
    assert best([("fr", 0.5), ("de", 0.5)], CODES) == "fr"


def test_a_range_of_weight_zero_is_refused() -> None:
    assert best([("de", 0.0), ("fr", 0.1)], CODES) == "fr"


def test_a_range_that_nothing_meets_leaves_the_next_one_its_turn() -> None:
    assert best([("tlh", 1.0), ("de-AT", 0.2)], CODES) == "de"


def test_only_the_first_ranges_of_a_very_long_header_are_read() -> None:
    assert best([("xx", 1.0)] * MOST_RANGES + [("de", 1.0)], CODES) is None


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(0, 1))))
def test_nothing_but_an_offered_code_ever_comes_out(ranges: list[tuple[str, float]]) -> None:
    assert best(ranges, CODES) in {*CODES, None}
