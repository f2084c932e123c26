"""A project archived in a real browser with scripts blocked, and made active again where its letter says."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from portal.projects.store import DiskStore, FileStore
from tests.index.shelf import add_file
from tests.journeys.browser import Blocking, chromium
from tests.journeys.person import Person, links
from tests.server.uploading import beside
from tests.support.people import PASSWORD, make_person
from tests.support.serving import Doorward

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

ARCHIVED = "Archived: it gets no more releases. It can still be installed, but takes no new files"


@pytest.mark.parametrize("cookies", [True, False], ids=["cookies on", "cookies off"])
def test_an_owner_archives_a_project_and_takes_it_back_by_the_letter(
    doorward: Doorward, playwright: Playwright, tmp_path: Path, cookies: bool
) -> None:
    instance = beside(doorward)
    owner = make_person(instance, "ada")
    instance.ports[FileStore] = DiskStore(instance.settings.data / "files")
    add_file(instance, "Demo", owner=owner.account_id)
    with chromium(playwright, tmp_path, Blocking(scripts=False, cookies=cookies)) as page:
        ada = Person(page, doorward, "ada", "ada@example.org", password=PASSWORD)
        ada.sign_in()
        if not cookies:
            ada.go_on_without_cookies()
        ada.follow("Projects")
        ada.follow("Manage Demo")
        ada.follow("Archive this project")
        ada.choose(ARCHIVED)
        ada.fill("Reason (optional)", "Use the project parcel instead.")
        ada.confirm()
        ada.press("Save")
        ada.is_told("The project is archived")
        assert "Use the project parcel instead." in ada.text()
        ada.follow("The page that everybody sees")
        assert "This project is archived." in ada.text()
        [undo] = [link for link in links(doorward.letter("ada@example.org", "archived")) if link.endswith("/status/")]
        ada.open(undo)
        if not cookies:
            ada.give_password()
            ada.go_on_without_cookies()
        ada.choose("Active: it is looked after")
        ada.confirm()
        ada.press("Save")
        ada.is_told("The project is active")
        assert bool(ada.handle) is not cookies
    instance.database.close()
