"""Whoever has several accounts learns from the first sentence of a letter which of them it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.kernel.settings import Settings
from portal.notices.render import TemplateRenderer
from tests.notices.test_words import LETTERS, VALUES, VARIANTS


def start_of(letter: str, **values: object) -> str:
    """The first hundred characters below the greeting, on one line."""
    text = TemplateRenderer(Settings(data=Path())).render(letter, "en", VALUES | VARIANTS[0] | values).text
    return " ".join(text.split()).partition(", ")[2][:100]


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_to_somebody_with_an_account_says_first_which_one(letter: str) -> None:
    assert start_of(letter, whose=None).startswith("This letter is about the account Ada on")


def test_a_letter_about_the_account_of_somebody_else_does_not() -> None:
    assert start_of("recovery_approval_wanted").startswith("You are an administrator of")
