"""Who is a member of an index that only its members read, and what those find who are not or can't be shown it."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.index.members import PAGES, PROGRAMS, filled
from tests.support.people import make_person, sign_in
from tests.support.site import Site


@pytest.mark.parametrize("path", PAGES)
def test_whoever_has_not_confirmed_an_address_reads_no_page_and_is_shown_the_way(
    instance: Instance, stranger: Site, file: str, path: str
) -> None:
    sign_in(stranger, make_person(instance, confirmed=False))
    there = stranger.get(filled(path, file), status=403)
    missing = stranger.get(filled(path, file, "nothing", "nobody"), status=403)
    assert there.html.h1.get_text() == missing.html.h1.get_text() == "Confirm your e-mail address first"
    assert "Sample_Project" not in there.text
    assert there.click("Go to your e-mail addresses").html.h1.get_text() == "E-mail addresses"


@pytest.mark.parametrize("path", PROGRAMS)
def test_whoever_has_not_confirmed_an_address_reads_nothing_of_what_programs_read(
    instance: Instance, stranger: Site, file: str, path: str
) -> None:
    sign_in(stranger, make_person(instance, confirmed=False))
    assert stranger.get(filled(path, file), status=401).headers["WWW-Authenticate"].startswith("Basic ")


def test_the_home_page_shows_whoever_has_not_confirmed_an_address_the_way_in_place_of_projects(
    instance: Instance, stranger: Site, file: str
) -> None:
    sign_in(stranger, make_person(instance, confirmed=False))
    page = stranger.get("/")
    assert "Sample_Project" not in page.text
    assert "Confirm your e-mail address first." in page.html.main.text
    assert page.click("Go to your e-mail addresses").html.h1.get_text() == "E-mail addresses"


def test_a_public_index_asks_no_reader_for_a_confirmed_address(instance: Instance, site: Site, file: str) -> None:
    sign_in(site, make_person(instance, confirmed=False))
    assert "Sample_Project" in site.get("/").text
    assert "Confirm your e-mail address first." not in site.get("/").html.main.text
    site.get("/project/sample-project/", status=200)
