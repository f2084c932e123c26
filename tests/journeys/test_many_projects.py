"""Choosing among many projects for a token, with scripts and cookies blocked: nothing that was typed is lost."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Playwright, expect

from portal.kernel.work import Instance
from portal.tokens import listing
from tests.journeys.browser import Blocking, chromium
from tests.journeys.lynx import Lynx
from tests.journeys.person import Person
from tests.journeys.recorder import Recorder
from tests.server.uploading import beside
from tests.support.people import PASSWORD, Someone, make_person
from tests.support.serving import Doorward
from tests.tokens.made import add_project

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

FORM, CHOOSER, MADE = "Create an API token", "Choose projects for an API token", "API token created"


def somebody(instance: Instance, count: int) -> Someone:
    """A person with so many projects."""
    person = make_person(instance, "ada")
    with instance.work() as work:
        for number in range(count):
            add_project(work, person.account_id, f"project-{number:03}")
    return person


def made(instance: Instance, person: Someone) -> list[tuple[str, list[str] | None, int | None]]:
    """Name, projects and uploads left of each token."""
    with instance.work(write=False) as work:
        return [(one.name, one.projects, one.uploads_left) for one in listing.working(work, person.account_id)]


def test_chromium_keeps_what_was_typed_while_one_filters_goes_on_and_goes_back(
    doorward: Doorward, playwright: Playwright, tmp_path: Path
) -> None:
    instance = beside(doorward)
    person = somebody(instance, 500)
    with chromium(playwright, tmp_path, Blocking(scripts=False, cookies=False)) as page:
        ada = Person(page, doorward, "ada", "ada@example.org", password=PASSWORD)
        ada.sign_in()
        ada.go_on_without_cookies()
        ada.follow("API tokens")
        ada.follow(FORM)
        ada.fill("Name", "büro")
        ada.choose("Only the projects that I choose below")
        ada.choose("30 days")
        page.get_by_text("More limits").click()
        ada.fill("Number of uploads (optional)", "3")
        ada.press("Find and choose projects")
        ada.arrives(CHOOSER)
        page.go_back()
        ada.finds("Name", "büro")
        page.go_forward()
        ada.arrives(CHOOSER)
        for part, number in (("49", 490), ("12", 129)):
            ada.fill("Part of the name", part)
            ada.press("Filter")
            expect(page.get_by_label("Part of the name")).to_have_value(part)
            ada.choose(f"project-{number}")
        ada.press("Go on with the ticked projects")
        ada.arrives(FORM)
        ada.finds("Name", "büro")
        ada.finds("Number of uploads (optional)", "3")
        ada.confirm()
        page.get_by_label("Password", exact=True).press("Enter")
        ada.arrives(MADE)
    assert made(instance, person) == [("büro", ["project-129", "project-490"], 3)]
    instance.database.close()


def test_lynx_keeps_what_was_typed_while_projects_are_chosen(
    doorward: Doorward, recorder: Recorder, tmp_path: Path
) -> None:
    instance = beside(doorward)
    person = somebody(instance, 30)
    with closing(Lynx(tmp_path, recorder, f"{doorward.url}/account/login/")) as lynx:
        lynx.arrives("Sign in")
        lynx.type("username", "ada")
        lynx.type("password", PASSWORD)
        lynx.press("Sign in")
        lynx.arrives("Your browser takes no cookies")
        lynx.press("Continue in limited mode")
        lynx.arrives("Your account")
        lynx.press("API tokens")
        lynx.arrives("API tokens")
        lynx.press(FORM)
        lynx.arrives(FORM)
        lynx.type("name", "server room")
        lynx.tick("scope", "chosen")
        lynx.tick("expires", "30")
        lynx.type("uploads", "3")
        lynx.press("Find and choose projects")
        lynx.arrives(CHOOSER)
        lynx.type("find", "29")
        lynx.press("Filter")
        lynx.arrives(CHOOSER)
        lynx.tick("project", "project-029")
        lynx.press("Go on with the ticked projects")
        lynx.arrives(FORM)
        lynx.type("confirm-password", PASSWORD)
        lynx.press("Create token")
        lynx.arrives(MADE)
    assert made(instance, person) == [("server room", ["project-029"], 3)]
    assert all(quote_plus(PASSWORD) not in page.path for page in recorder.pages)
    instance.database.close()
