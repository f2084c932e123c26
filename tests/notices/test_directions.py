"""Names in letters, in both directions: isolated where they need it, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from portal.kernel.settings import Settings
from portal.notices.port import Link, Rendered
from portal.notices.render import TemplateRenderer
from tests.support.clock import NOON

ARABIC = "مريم"


def invitation(language: str, *, by: str) -> Rendered:
    """The letter by which somebody invites to a project."""
    values = {"username": "ada", "project": "Demo", "by": by, "owner": True, "until": NOON}
    renderer = TemplateRenderer(Settings(data=Path()))
    return renderer.render("project_invitation", language, values | {"answer": Link("http://localhost/a/")})


def test_a_letter_of_latin_names_holds_nothing_invisible() -> None:
    found = invitation("en", by="noor")
    assert found.subject == "Invitation to the project Demo"
    assert "\u2068" not in found.text


def test_an_arabic_name_stands_isolated_in_an_english_letter_and_the_latin_ones_do_not() -> None:
    found = invitation("en", by=ARABIC)
    assert found.subject.isascii()
    assert found.text.count(f"\u2068{ARABIC}\u2069") == found.text.count("\u2068") == 1


def test_every_name_stands_isolated_in_a_letter_from_right_to_left() -> None:
    found = invitation("ar", by="noor")
    assert "\u2068Demo\u2069" in found.subject
    assert "\u2068noor\u2069" in found.text
