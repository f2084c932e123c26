"""Every sentence of every letter can be translated: shown by the pseudo-locale, which brackets what it translates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from portal.kernel.paths import TEMPLATES
from portal.kernel.settings import Settings
from portal.kernel.words import TranslationString, filled
from portal.language.pseudo import CLOSE, OPEN
from portal.notices.port import Link
from portal.notices.projects import Change
from portal.notices.render import TemplateRenderer
from portal.projects.releases.events import FileDeleted
from tests.support.clock import NOON

SHARED = {"letter", "parts"}
LETTERS = sorted(path.stem for path in (TEMPLATES / "mail").glob("*.pt") if path.stem not in SHARED)
PAGE = Link("http://localhost/a-page/")
VALUES = {
    "username": "Ada",
    "whose": "Grace",
    "name": "Phone",
    "label": "CI",
    "address": "192.0.2.7",
    "browser": "Firefox on Linux",
    "changed": "grace@example.org",
    "scope": ["apple"],
    "projects": ["apple"],
    "project": "apple",
    "who": "Grace",
    "other": "grace",
    "contact": "packages@example.org",
    "by": "Noor",
    "change": Change.LOWERED,
    "told": filled(FileDeleted.sentence, {"filename": "apple-1.0.tar.gz", "project": "apple"}),
    "reason": "Broken",
    "undo": PAGE,
    "url": PAGE,
    "limits": ["apple"],
    "labels": ["CI"],
    "when": NOON,
    "until": NOON,
    **dict.fromkeys(("reset", "ended", "revoked"), True),
    **dict.fromkeys(
        (
            "approve",
            "again",
            "confirm",
            "sign_in",
            "history",
            "lift",
            "not_me",
            "tokens",
            "new_codes",
            "choose",
            "register",
            "recover",
            "stop",
            "new_password",
            "answer",
            "people",
            "page",
        ),
        PAGE,
    ),
}
VARIANTS = [
    {
        "first": True,
        "last": True,
        "replaced": True,
        "few": True,
        "codes": True,
        "owner": True,
        "added": True,
        "mine": True,
        "own": True,
        "new": True,
        "downloads": False,
        "ends": NOON,
        "gone": True,
        "left": 1,
        "count": 1,
    },
    {
        "first": False,
        "last": False,
        "replaced": False,
        "few": False,
        "codes": False,
        "owner": False,
        "added": False,
        "mine": False,
        "own": False,
        "new": False,
        "downloads": True,
        "ends": None,
        "gone": False,
        "left": 0,
        "reset": False,
        "count": 10,
        "scope": [],
        "stop": None,
        "by": "",
        "until": None,
    },
]


def unmarked(text: str) -> list[str]:
    """What stands in a letter outside of the brackets, but for links and values."""
    rest = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", "", text)
    rest = re.sub(r"https?://\S+|\u2068[^\u2069]*\u2069", "", rest)
    return re.findall(r"[^\W_]+", rest)


def told_apart(value: Any) -> Any:
    """The value with a letter that runs from right to left in each name, so that marks stand around it."""
    if isinstance(value, TranslationString):
        return filled(value, {name: told_apart(part) for name, part in (value.mapping or {}).items()})
    if isinstance(value, list):
        return [told_apart(item) for item in value]
    return f"{value}\u05d0" if type(value) is str and value else value


@pytest.mark.parametrize("values", VARIANTS, ids=["first", "second"])
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_says_nothing_that_is_not_marked(letter: str, values: dict[str, object]) -> None:
    renderer = TemplateRenderer(Settings(data=Path(), site_name=told_apart("Doorward")))
    found = renderer.render(letter, "en_XA", {name: told_apart(value) for name, value in (VALUES | values).items()})
    assert found.subject.startswith(OPEN)
    assert unmarked(found.text) == []


def test_an_unmarked_sentence_is_found() -> None:
    assert unmarked(f"{OPEN}Ĥéļļö{CLOSE}\n\nGood bye,\n\nhttp://localhost/") == ["Good", "bye"]


def test_there_are_letters_for_everything_that_is_told() -> None:
    assert len(LETTERS) >= 7
