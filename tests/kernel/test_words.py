"""Sentences marked for translation."""

from __future__ import annotations

from portal.kernel.words import DOMAIN, _, _p, filled


def test_a_filled_sentence_keeps_its_message_context_and_domain() -> None:
    sentence = filled(_p("month", "May ${year}"), {"year": 2026})

    assert (str.__str__(sentence), sentence.context, sentence.domain) == ("May ${year}", "month", DOMAIN)
    assert sentence.interpolate() == "May 2026"


def test_filling_leaves_the_sentence_that_others_use_alone() -> None:
    sentence = _("Token ${label} of ${name}", mapping={"name": "ada"})

    assert filled(sentence, {"label": "ci"}).interpolate() == "Token ci of ada"
    assert sentence.interpolate() == "Token ${label} of ada"


def test_a_value_that_looks_like_a_placeholder_is_shown_as_it_is() -> None:
    assert filled(_("Token ${label}"), {"label": "${name}", "name": "x"}).interpolate() == "Token ${name}"
