"""What a browser finds on a page: axe-core in light and in dark, and whether the page fits a narrow window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "a11y" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]
RUN = """async options => {
  const result = await axe.run(document, options);
  return {
    passes: result.passes.length,
    found: result.violations.flatMap(rule => rule.nodes.map(node => rule.id + ": " + node.html.slice(0, 160))),
  };
}"""
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced", "link-in-text-block"]}}
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
# WCAG 1.4.12
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }"""
SPACE = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""


def axe(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe says of the page that is shown."""
    found: dict[str, Any] = page.evaluate(RUN, options)
    problems: list[str] = found["found"]
    # A page on which no rule applies at all was not looked at.
    return problems if found["passes"] or problems else ["nothing was examined"]


def examine(page: Page) -> dict[str, list[str]]:
    """Everything that is wrong with the page that is shown, by what was looked at."""
    if not AXE.is_file():
        pytest.fail("axe-core is missing: run npm ci in a11y/", pytrace=False)
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    page.emulate_media(color_scheme="light")
    found = {"light": axe(page, EVERYTHING)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = axe(page, COLOURS)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found["narrow"] = ["wider than the window"] * page.evaluate(TOO_WIDE)
    page.evaluate(SPACE, SPACING)
    found["spaced"] = ["wider than the window"] * page.evaluate(TOO_WIDE)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return {what: problems for what, problems in found.items() if problems}
