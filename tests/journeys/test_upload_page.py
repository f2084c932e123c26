"""A file uploaded in a real browser with scripts and cookies blocked, from the list of projects on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.journeys.browser import Blocking, chromium
from tests.journeys.clients import Package
from tests.journeys.person import Person
from tests.server.uploading import beside, filenames
from tests.support.people import PASSWORD, make_person
from tests.support.serving import Doorward

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


@pytest.mark.parametrize("cookies", [True, False], ids=["cookies on", "cookies off"])
def test_a_refused_file_is_explained_and_the_right_one_is_taken(
    doorward: Doorward, package: Package, playwright: Playwright, tmp_path: Path, cookies: bool
) -> None:
    instance = beside(doorward)
    make_person(instance, "ada")
    broken = tmp_path / package.wheel.name
    broken.write_bytes(b"no archive")
    with chromium(playwright, tmp_path, Blocking(scripts=False, cookies=cookies)) as page:
        ada = Person(page, doorward, "ada", "ada@example.org", password=PASSWORD)
        ada.sign_in()
        if not cookies:
            ada.go_on_without_cookies()
        ada.follow("Projects")
        ada.follow("Upload a file without a tool")
        for path in (broken, package.wheel):
            ada.confirm()
            page.get_by_label("File", exact=True).set_input_files(path)
            ada.press("Upload the file")
            if path == broken:
                assert "can’t be opened" in page.get_by_role("region", name="There is a problem").inner_text()
        expect(page).to_have_title(re.compile(re.escape(package.wheel.name)))
        assert bool(ada.handle) is not cookies
    assert filenames(instance) == [package.wheel.name]
    instance.database.close()
