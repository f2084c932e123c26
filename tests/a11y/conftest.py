"""The gathered pages, and a Chromium that sees them without any network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, Route

from tests.a11y.gathered import Shown, gather
from tests.support.chromium import ARGUMENTS, chromium_path
from tests.support.instances import BASE_URL, Bed
from tests.support.site import Site


@pytest.fixture(scope="session")
def shown(sqlite_bed: Bed) -> list[Shown]:
    """Every page in every state."""
    sqlite_bed.renew()
    return gather(sqlite_bed)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Any]:
    """Chromium, scripts on: they are axe's, the pages have none."""
    started = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
    yield started
    started.close()


Show = Callable[[str], Page]


@pytest.fixture
def show(browser: Any, sqlite_bed: Bed) -> Iterator[Show]:
    """Show a document in a browser window; what it needs comes from the application in this process."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    site = Site(sqlite_bed.application)
    document = [""]

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(BASE_URL)
        if path == "/shown":
            route.fulfill(body=document[0], content_type="text/html; charset=utf-8")
            return
        found = site.get(path, expect_errors=True)
        route.fulfill(status=found.status_int, body=found.body, content_type=found.headers["Content-Type"])

    def show_document(html: str) -> Page:
        document[0] = html
        page.goto(f"{BASE_URL}/shown")
        return page

    page.route("**/*", answer)
    yield show_document
    context.close()
