"""The pseudo-locale."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from portal.language.pseudo import CLOSE, OPEN, disguise, write_pseudo

POT = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\n"

msgid "Sign in"
msgstr ""

msgctxt "month"
msgid "May"
msgstr ""

#, python-brace-format
msgid "${count} code is left."
msgid_plural "${count} codes are left."
msgstr[0] ""
msgstr[1] ""
"""


@pytest.fixture
def pseudo(tmp_path: Path) -> gettext.GNUTranslations:
    """A catalogue in the pseudo-locale, as gettext reads it."""
    (tmp_path / "portal.pot").write_text(POT, "utf-8")
    write_pseudo(tmp_path / "portal.pot", tmp_path / "portal.mo")
    with (tmp_path / "portal.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_a_disguised_text_stands_in_brackets_with_accents_and_is_longer() -> None:
    shown = disguise("Sign in again")

    assert (shown[0], shown[-1]) == (OPEN, CLOSE)
    assert "Šîĝñ" in shown
    assert len(shown) >= len("Sign in again") * 1.3


@pytest.mark.parametrize("kept", ["${label}", "&amp;", "&#8230;", "<br/>"])
def test_what_is_no_word_comes_through_unharmed(kept: str) -> None:
    assert f"ţöķéñ {kept} ŕ" in disguise(f"token {kept} revoked")


def test_nothing_is_made_of_an_empty_text() -> None:
    assert disguise(" ") == " "


def test_sentences_contexts_and_plurals_are_in_the_compiled_catalogue(pseudo: gettext.GNUTranslations) -> None:
    assert pseudo.gettext("Sign in") == disguise("Sign in")
    assert pseudo.pgettext("month", "May") == disguise("May")
    for count, form in ((1, "${count} code is left."), (2, "${count} codes are left.")):
        assert pseudo.ngettext("${count} code is left.", "${count} codes are left.", count) == disguise(form)
