"""Everything that people read is marked for translation, and the template of all translations holds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyramid.i18n import Localizer

from portal.language import catalogues
from portal.web.errors import PROBLEM, PROBLEMS
from tests.structure.sources import ROOT, modules, tree
from tests.support.people import make_person, sign_in
from tests.support.site import Site

MARKS = {"_": 1, "_p": 2, "_n": 2}
METHODS = {"plural": 2}


def computed(root: Path = ROOT) -> Iterator[str]:
    """Marked sentences that are not written out where they are marked: the extractor can't see them."""
    for path in modules(root):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and (count := _count(node.func)):
                given = node.args[:count]
                if len(given) < count or not all(_written_out(argument) for argument in given):
                    yield f"{path.relative_to(root).as_posix()}:{node.lineno}"
                if any(keyword.arg in {"context", "default", "domain"} for keyword in node.keywords):
                    yield f"{path.relative_to(root).as_posix()}:{node.lineno} (use _p for a context)"


def _count(function: ast.expr) -> int:
    if isinstance(function, ast.Name):
        return MARKS.get(function.id, 0)
    return METHODS.get(function.attr, 0) if isinstance(function, ast.Attribute) else 0


def _written_out(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def test_the_template_of_all_translations_is_fresh() -> None:
    pot = (ROOT / "locale" / "portal.pot").read_text(encoding="utf-8")

    assert pot == catalogues.written(catalogues.template()), "run `make catalogues`"


def test_marked_sentences_are_written_out_where_they_are_marked() -> None:
    assert list(computed()) == []


def test_a_computed_sentence_is_found(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "x.py").write_text(
        'a = _("x")\nb = _(a)\nc = _("a" + b)\nd = _(f"{a}")\ne = _("May", context="m")'
    )

    assert list(computed(tmp_path)) == [
        "portal/x.py:2",
        "portal/x.py:3",
        "portal/x.py:4",
        "portal/x.py:5 (use _p for a context)",
    ]


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str | None, str]]:
    """(context, message) of everything that is translated in this test."""
    seen: set[tuple[str | None, str]] = set()
    translate, pluralize = Localizer.translate, Localizer.pluralize

    def note(self: Any, message: Any, *arguments: Any, **options: Any) -> Any:
        seen.add((getattr(message, "context", None), str.__str__(message)))
        return translate(self, message, *arguments, **options)

    def note_plural(self: Any, one: Any, *arguments: Any, **options: Any) -> Any:
        seen.add((None, str(one)))
        return pluralize(self, one, *arguments, **options)

    monkeypatch.setattr(Localizer, "translate", note)
    monkeypatch.setattr(Localizer, "pluralize", note_plural)
    return seen


def known() -> set[tuple[str | None, str]]:
    """(context, message) of everything in the template of all translations."""
    found = set()
    for message in catalogues.template():
        singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
        found.add((message.context, str(singular)))
    return found


def test_what_pages_look_up_while_they_are_rendered_can_be_found(
    site: Site, looked_up: set[tuple[str | None, str]]
) -> None:
    sign_in(site, make_person(site.application.instance))
    for status in PROBLEMS:
        site.get("/", extra_environ={PROBLEM: status}, expect_errors=True)
    for path in ("/", "/help/tokens/", "/account/register/", "/manage/account/", "/manage/account/two-factor/"):
        site.get(path)

    # Numbers and attributes pass through the translator too.
    values = {(None, text) for _context, text in looked_up if text.isdigit() or text in {"", "True"}}
    assert len(looked_up) > 100
    assert looked_up - known() - values == set()
