"""Menus and the frame round every page."""

from __future__ import annotations

import pytest

from portal.web.navigation import section
from tests.support.instances import Bed
from tests.support.people import make_person, sign_in
from tests.support.site import Site

ANYWHERE = ["/", "/account/login/", "/help/tokens/", "/no/such/page/"]
PERSONAL = ["/manage/account/", "/manage/account/tokens/", "/manage/account/tokens/add/", "/help/", "/no/such/page/"]


@pytest.mark.parametrize("path", ANYWHERE)
def test_the_first_thing_on_every_page_leads_past_the_menus(site: Site, path: str) -> None:
    page = site.get(path, expect_errors=True).html
    first = page.body.find(["a", "button", "input"])

    assert first["href"] == "#main"
    assert page.find(id="main").name == "main"


@pytest.mark.parametrize("path", ANYWHERE)
def test_help_stands_in_the_same_place_on_every_page(site: Site, path: str) -> None:
    links = site.get(path, expect_errors=True).html.footer.find("nav").find_all("a")

    assert [link["href"] for link in links][:2] == ["/help/", "/accessibility/"]


@pytest.mark.parametrize("path", PERSONAL)
def test_every_page_of_somebody_signed_in_has_a_button_to_sign_out(site: Site, path: str) -> None:
    sign_in(site, make_person(site.application.instance))
    form = site.get(path, expect_errors=True).html.header.select_one('form[action="/account/logout/"]')

    assert form.select_one("[name=_token]")["value"]


def test_the_account_menu_says_where_one_is(site: Site) -> None:
    sign_in(site, make_person(site.application.instance))
    marked = {
        path: [(link["href"], link["aria-current"]) for link in site.get(path).html.select(".menu [aria-current]")]
        for path in PERSONAL[:3]
    }

    assert marked == {
        "/manage/account/": [("/manage/account/", "page")],
        "/manage/account/tokens/": [("/manage/account/tokens/", "page")],
        "/manage/account/tokens/add/": [("/manage/account/tokens/", "true")],
    }


def test_the_menu_follows_the_content_as_it_is_seen(site: Site) -> None:
    sign_in(site, make_person(site.application.instance))
    order = [tag.name for tag in site.get("/manage/account/").html.select("body > header, main, nav.menu, footer")]

    assert order == ["header", "main", "nav", "footer"]


@pytest.mark.parametrize(("registration", "offered"), [("open", True), ("invite", False), ("closed", False)])
def test_registration_is_offered_where_anybody_may_register(bed: Bed, registration: str, offered: bool) -> None:
    page = Site(bed.assemble(registration=registration)).get("/account/login/").html

    assert bool(page.select("a[href='/account/register/']")) is offered


@pytest.mark.parametrize(
    ("contact", "target"),
    [("help@example.org", "mailto:help@example.org"), ("https://example.org/help", "https://example.org/help")],
)
def test_the_people_who_run_the_index_can_be_reached_from_every_page(bed: Bed, contact: str, target: str) -> None:
    site = Site(bed.assemble(contact=contact))

    for path in ANYWHERE:
        assert site.get(path, expect_errors=True).html.footer.find("a", href=target)


def test_without_a_contact_no_empty_link_stands_there(site: Site) -> None:
    assert all(link["href"] for link in site.get("/").html.find_all("a"))


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/manage/account/tokens/{id}/revoke/", "/manage/account/tokens/"),
        ("/manage/account/tokens/", ""),
        ("/manage/account/", ""),
        ("/project/{name}/{version}/", ""),
        ("", ""),
    ],
)
def test_a_page_below_an_account_page_belongs_to_it(pattern: str, found: str) -> None:
    assert section(pattern) == found
