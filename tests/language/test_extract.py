"""Messages found in templates."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from babel.messages.extract import extract
from chameleon import PageTemplate

from portal.language.catalogues import COMMENT_TAGS, KEYWORDS
from portal.language.extract import Untranslatable, extract_chameleon
from portal.web.renderer import BOOLEAN

ROOT = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:tal="http://xml.zope.org/namespaces/tal"
 xmlns:metal="http://xml.zope.org/namespaces/metal" xmlns:i18n="http://xml.zope.org/namespaces/i18n"
 i18n:domain="portal">
%s
</html>"""
FIRST = 4


def found(body: str) -> list[tuple[int, Any, list[str], str | None]]:
    """(line of the body, message, comments, context) of each message, as Babel reads it."""
    source = BytesIO((ROOT % body).encode())
    raw: Any = extract(extract_chameleon, source, KEYWORDS, COMMENT_TAGS)
    return [(line - FIRST + 1, message, comments, context) for line, message, comments, context in raw]


def messages(body: str) -> list[Any]:
    return [message for _line, message, _comments, _context in found(body)]


def test_a_sentence_is_found_with_its_whitespace_folded() -> None:
    assert messages('<p i18n:translate="">Your address\n     is confirmed.</p>') == ["Your address is confirmed."]


def test_a_named_element_stands_as_a_placeholder_and_its_own_sentence_is_found() -> None:
    body = '<p i18n:translate="">Read <a i18n:name="help" i18n:translate="" href="/">the help</a> first.</p>'

    assert sorted(messages(body)) == ["Read ${help} first.", "the help"]


def test_a_sentence_that_is_nothing_but_a_value_is_no_message() -> None:
    assert messages('<p i18n:translate=""><b i18n:name="label">${label}</b></p>') == []


def test_a_message_given_as_the_value_of_translate_wins_over_the_text() -> None:
    assert messages('<p i18n:translate="Given">Shown</p>') == ["Given"]


def test_marked_attributes_are_found() -> None:
    body = '<img alt="A picture" title="A title" i18n:attributes="alt; title another id" />'

    assert messages(body) == ["A picture", "another"]


def test_calls_are_found_in_interpolations_attributes_and_statements() -> None:
    body = """<p class="${_('one')}" tal:define="(a, b) (_('two'), 1); c _('three;; four')"
       tal:condition="not: _('five')" tal:attributes="title _('six')">${structure: _('seven')}
    ${{'a': _('eight')}['a']}</p>
    <tal:x repeat="x [_('nine')]" content="structure _('ten')" />"""
    expected = ["one", "two", "three; four", "five", "six", "seven", "eight", "nine", "ten"]

    assert sorted(messages(body)) == sorted(expected)


def test_a_plural_is_found_with_both_forms() -> None:
    assert messages("<p>${_n('One code is left.', '${count} codes are left.', n)}</p>") == [
        ("One code is left.", "${count} codes are left.")
    ]


def test_contexts_and_comments_hold_for_what_is_inside() -> None:
    body = '<div i18n:context="month" i18n:comment="As in spring"><p i18n:translate="">May</p></div>'

    assert found(body) == [(1, "May", ["As in spring"], "month")]
    assert found("<p>${_p('month', 'May')}</p>") == [(1, "May", [], "month")]


def test_lines_are_right_for_elements_and_for_calls() -> None:
    body = '<p>\n</p>\n<p i18n:translate="">here</p>\n<p>text\n\n${_("there")}</p>'

    assert [(line, message) for line, message, _c, _x in found(body)] == [(3, "here"), (6, "there")]


def test_doubled_dollars_and_entities_are_read_as_they_are_looked_up() -> None:
    assert messages('<p i18n:translate="">Costs $${5} &amp; more</p>') == ["Costs ${5} &amp; more"]
    assert messages("<p>${_('a &lt; b')}</p>") == ["a < b"]
    assert messages("<p>$${_('not this')}</p>") == []


def test_a_comment_that_is_dropped_may_stand_in_a_sentence() -> None:
    assert messages('<p i18n:translate="">One <!--! why -->two</p>') == ["One two"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<p i18n:translate="">One <b>two</b></p>', "<b> inside a translated sentence needs i18n:name"),
        ('<p i18n:translate="">One<br />two</p>', "<br> inside a translated sentence needs i18n:name"),
        ('<p i18n:translate="">Hello ${name}</p>', "${name} inside a translated sentence needs an element"),
        ('<p i18n:translate="">One <!-- two --> three</p>', "a comment stands inside"),
        ('<p title="Hello ${name}" i18n:attributes="title">x</p>', "the translated attribute title holds a value"),
        ('<p i18n:translate="" tal:content="name">x</p>', "beside a computed text"),
        ("<p>${_('one' 2)}</p>", "can't read the expression"),
    ],
)
def test_what_could_never_be_found_again_is_refused_with_its_place(body: str, reason: str) -> None:
    with pytest.raises(Untranslatable, match=r"<template>:4: ") as refused:
        found(body)
    assert reason in str(refused.value)


TORTURE = """<div i18n:context="menu"><p i18n:translate="">Read <a i18n:name="help" i18n:translate="" href="/">the
 help</a> of <tal:x i18n:name="site">${site}</tal:x> &amp; more: $${kept}</p></div>
<img alt="A picture" i18n:attributes="alt" /> ${_('A sentence')} ${_p('month', 'May')}"""


def test_what_is_extracted_is_what_is_looked_up_while_rendering() -> None:
    looked_up: set[tuple[str, str | None]] = set()

    def translate(msgid: Any, domain: Any = None, mapping: Any = None, context: Any = None, **_rest: Any) -> Any:
        if msgid is not None:
            looked_up.add((str(msgid), getattr(msgid, "context", None) or context))
        return msgid

    marked = fake_marks()
    PageTemplate(ROOT % TORTURE, strict=True, boolean_attributes=BOOLEAN)(translate=translate, site="Here", **marked)

    extracted = {(message, context) for _line, message, _comments, context in found(TORTURE)}
    assert looked_up == extracted


def fake_marks() -> dict[str, Callable[..., Any]]:
    from portal.kernel.words import _, _p

    return {"_": _, "_p": _p}
