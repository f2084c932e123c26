"""Names inside sentences, in both directions."""

from __future__ import annotations

import pytest

from portal.language.direction import direction, isolated

ARABIC = "مريم"
HEBREW = "שלום"


@pytest.mark.parametrize("text", ["ada", "1.0", "Åsa", "王小明", "Ольга", "203.0.113.9", "nc5-twine (2!)", "a\u0301"])
def test_what_runs_from_left_to_right_gets_nothing_invisible_in_a_sentence_that_does_as_well(text: str) -> None:
    assert isolated(text, "en") == isolated(text, "pt_BR") == text


@pytest.mark.parametrize("text", [ARABIC, f"ada {HEBREW}", f"{HEBREW} 1.0", "١٢", "a\u202eb", "a\u200fb", "a\u2067b"])
def test_what_could_turn_the_sentence_around_it_is_isolated(text: str) -> None:
    assert isolated(text, "en") == f"\u2068{text}\u2069"


@pytest.mark.parametrize("text", ["ada", "1.0", ARABIC])
@pytest.mark.parametrize("language", ["ar", "he", "fa"])
def test_in_a_sentence_from_right_to_left_every_name_is_isolated(text: str, language: str) -> None:
    assert isolated(text, language) == f"\u2068{text}\u2069"


def test_the_pseudo_locale_runs_like_english() -> None:
    assert [direction(locale) for locale in ("en", "en_XA", "pt_BR", "ar")] == ["ltr", "ltr", "ltr", "rtl"]
