"""axe-core finds nothing on any page, light or dark (WCAG 2.2 A to AAA), and every page fits a narrow window."""

from __future__ import annotations

import pytest

from tests.a11y.conftest import Show
from tests.a11y.examined import examine
from tests.a11y.gathered import Shown
from tests.support.world import pages

pytestmark = pytest.mark.xdist_group("a11y")

OFFERED = "Your browser takes no cookies"
"""The page of `signin.limited` is the answer to the sign-in form."""

BROKEN = """<!DOCTYPE html><html><head><title></title></head><body>
<p style="color: #999">pale</p><img src="/static/x.svg"><input name="q"><a href="/"></a><h3>deep</h3>
<p style="inline-size: 400px">wide</p></body></html>"""
DIM = """<!DOCTYPE html><html lang="en"><head><title>x</title><style>
@media (prefers-color-scheme: dark) { body { background: #111 } p { color: #888 } }</style></head>
<body><main><h1>x</h1><p>dim</p></main></body></html>"""
SPREAD = """<!DOCTYPE html><html lang="en"><head><title>x</title></head>
<body><main><h1>x</h1><p style="font: 16px monospace; white-space: nowrap">thirty letters that just fit in</p></main>
</body></html>"""


def test_every_page_route_was_gathered(shown: list[Shown]) -> None:
    missing = set(pages()) - {page.route for page in shown}

    assert missing == {"signin.limited"}
    assert any(OFFERED in page.name for page in shown)
    assert len(shown) > 50


def test_nothing_is_found_on_any_page(shown: list[Shown], show: Show) -> None:
    found = {}
    for each in shown:
        page = show(each.html)
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 20, each.name
        if problems := examine(page):
            found[each.name] = problems

    assert found == {}


def test_a_broken_page_is_found_out(show: Show) -> None:
    found = examine(show(BROKEN))

    assert {"document-title", "html-has-lang", "image-alt", "label", "link-name", "color-contrast"} <= {
        problem.partition(":")[0] for problem in found["light"]
    }
    assert found["narrow"]


def test_colours_that_are_pale_only_in_the_dark_are_found_out(show: Show) -> None:
    assert set(examine(show(DIM))) == {"dark"}


def test_a_line_that_fits_only_in_narrow_spacing_is_found_out(show: Show) -> None:
    assert set(examine(show(SPREAD))) == {"spaced"}
