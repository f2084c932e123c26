"""Templates: all compile, have a title and a domain, and list their variables; fields come from the macros only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chameleon import PageTemplate
from chameleon.exc import ParseError, TemplateError

from portal.web.renderer import BOOLEAN, make_loader
from tests.structure.sources import TEMPLATES, templates

WITHOUT_PAGE = frozenset({"layout", "forms", "parts", "mail"})
BY_HAND = re.compile(r"<(?:input|label|select|textarea|fieldset|legend|form)\b[^>]*>", re.DOTALL)
HIDDEN = re.compile(r'type="hidden"')
TITLE = re.compile(r'<metal:title fill-slot="title"|<title metal:fill-slot="title"')
VARIABLES = re.compile(r"<!--[?!] variables:")
EXPRESSION = re.compile(r"\$\{([^}]*)\}|tal:(?:condition|repeat|content)=\"(?:not )?([^\"]*)\"")
FORBIDDEN = {
    "style attribute": re.compile(r"\sstyle=\""),
    "inline handler": re.compile(r"\son[a-z]+=\""),
    "script": re.compile(r"<script\b"),
    "fragment in a form's action": re.compile(r"<form\b[^>]*action=\"[^\"]*#"),
    "structure": re.compile(r"structure:|\"structure "),
    "role=alert": re.compile(r"role=\"alert\""),
}
STRUCTURE_ALLOWED = frozenset({"factors/totp_add.pt", "index/parts.pt"})
"""The QR code is an SVG that we draw ourselves; a description is stored as it was made harmless."""


def is_page(path: Path) -> bool:
    """Whether the template is a page of its own."""
    return path.parent.name not in WITHOUT_PAGE and "metal:use-macro" in path.read_text("utf-8").partition(">")[0]


def faults(path: Path, root: Path = TEMPLATES) -> Iterator[str]:
    """What is wrong with one template."""
    name, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    head = text.removeprefix("<!DOCTYPE html>").lstrip().partition(">")[0]
    if 'i18n:domain="portal"' not in head and not re.search(r'i18n:domain="portal"', text[:600]):
        yield f'{name}: its first element lacks i18n:domain="portal"'
    if is_page(path):
        yield from page_faults(name, text)
    for what, pattern in FORBIDDEN.items():
        if pattern.search(text) and not (what == "structure" and name in STRUCTURE_ALLOWED):
            yield f"{name}: {what}"


def page_faults(name: str, text: str) -> Iterator[str]:
    """What a page lacks."""
    if len(TITLE.findall(text)) != 1:
        yield f"{name}: no title"
    used = [expression for pair in EXPRESSION.findall(text) for expression in pair if expression]
    if not VARIABLES.search(text) and not all(expression.startswith("request.") for expression in used):
        yield f"{name}: its variables are not listed in a first comment"
    body = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    for tag in BY_HAND.findall(body):
        if not HIDDEN.search(tag):
            yield f"{name}: written by hand: {tag.split()[0]}"


def test_every_template_compiles() -> None:
    loader = make_loader()
    found = list(templates())

    assert len(found) > 30
    for path in found:
        loader[path.relative_to(TEMPLATES).as_posix()].cook_check()


def test_every_template_keeps_the_rules() -> None:
    assert [fault for path in templates() for fault in faults(path)] == []


GOOD = """<html xmlns:metal="http://xml.zope.org/namespaces/metal" i18n:domain="portal" metal:use-macro="load: x.pt">
<!--? variables: form -->
<metal:title fill-slot="title">T</metal:title><h1>T</h1>%s</html>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of templates."""
    (tmp_path / "books").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace('i18n:domain="portal" ', ""), 'books/x.pt: its first element lacks i18n:domain="portal"'),
        (GOOD.replace('fill-slot="title"', 'fill-slot="top"'), "books/x.pt: no title"),
        (GOOD.replace("<!--?", "<!--") % "${form}", "books/x.pt: its variables are not listed in a first comment"),
        (GOOD % '<input\n name="a" />', "books/x.pt: written by hand: <input"),
        (GOOD % "<label>A</label>", "books/x.pt: written by hand: <label>"),
        (GOOD % '<form action="/x#y">', "books/x.pt: written by hand: <form"),
        (GOOD % '<p style="color: red">', "books/x.pt: style attribute"),
        (GOOD % '<p onclick="x">', "books/x.pt: inline handler"),
        (GOOD % "<script>", "books/x.pt: script"),
        (GOOD % "<p>${structure: x}</p>", "books/x.pt: structure"),
    ],
)
def test_a_template_that_breaks_a_rule_is_found(root: Path, text: str, fault: str) -> None:
    path = root / "books" / "x.pt"
    path.write_text(text.replace("%s", ""), "utf-8")

    assert fault in list(faults(path, root))


def test_a_template_that_keeps_them_is_not_found(root: Path) -> None:
    path = root / "books" / "x.pt"
    path.write_text(GOOD % '<input type="hidden" name="a" />', "utf-8")

    assert list(faults(path, root)) == []


def test_a_template_that_does_not_compile_is_found() -> None:
    for text in ('<p tal:content="a b">x</p>', "<p>${1 +}</p>", "<p><b></p></b>"):
        with pytest.raises((TemplateError, ParseError)):
            PageTemplate(text, strict=True, boolean_attributes=BOOLEAN)
