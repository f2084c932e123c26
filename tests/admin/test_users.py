"""An administrator finds a person by the whole user name."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from tests.support.instances import Bed
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

USERS = "/admin/users/"


def test_the_whole_name_in_any_spelling_leads_to_the_person(instance: Instance, site: Site) -> None:
    make_person(instance, "grace.hopper")
    sign_in(site, make_person(instance, "root", admin=True))
    assert site.get("/manage/account/").html.select_one(f'header a[href="{USERS}"]') is not None
    form = last_form(site.get(USERS))
    form["username"] = "Grace-Hopper"
    assert form.submit().headers["Location"] == "http://localhost/admin/users/grace.hopper/recover/"


@pytest.mark.parametrize("typed", ["grac", "grace@example", "new@example.org", ""])
def test_nothing_else_finds_anybody(instance: Instance, site: Site, typed: str) -> None:
    make_person(instance, "grace")
    make_person(instance, "new", confirmed=False)
    sign_in(site, make_person(instance, "root", admin=True))
    form = last_form(site.get(USERS))
    form["username"] = typed
    assert form.submit(expect_errors=True).status_int == 422


def test_a_whole_confirmed_address_leads_to_the_person_and_leaves_no_trace(instance: Instance, site: Site) -> None:
    make_person(instance, "grace")
    sign_in(site, make_person(instance, "root", admin=True))
    with instance.work() as work:
        before = work.db.scalar(select(func.count()).select_from(Entry))
    form = last_form(site.get(USERS))
    form["username"] = "GRACE@example.org"
    assert form.submit().headers["Location"] == "http://localhost/admin/users/grace/recover/"
    with instance.work() as work:
        assert work.db.scalar(select(func.count()).select_from(Entry)) == before


def test_for_others_there_is_no_such_page(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, "grace"))
    assert site.get(USERS, expect_errors=True).status_int == 404
    assert "/admin/" not in site.get("/manage/account/").text


def test_below_the_handle_of_anybody_else_it_is_a_page_that_is_not_there(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, make_person(instance, "grace"))
    assert site.get(f"/~{handle}{USERS}", status=404).html.h1.get_text() == "Page not found"


def test_below_a_handle_or_a_language_there_is_no_such_page(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, make_person(instance, "root", admin=True))
    refused = site.get(f"/~{handle}{USERS}", status=404)
    assert refused.html.h1.get_text() == "This page needs cookies"
    assert "doorward project" in refused.html.main.get_text()
    assert site.get("/fr/admin/users/", expect_errors=True).html.h1.get_text() == "Page not found"
    overview = site.get(f"/~{handle}/manage/account/")
    assert "/admin/" not in overview.text
    entry = overview.html.find("a", string="Administration (needs cookies)")
    target, _, anchor = entry["href"].partition("#")
    section = site.get(target).html.find(id=anchor).find_next_sibling("ul")
    assert "doorward project quarantine NAME" in section.get_text()


def test_an_administrator_who_types_the_address_below_a_handle_is_told_after_confirming(
    instance: Instance, bed: Bed
) -> None:
    site = Site(bed.application, takes_cookies=False)
    root = make_person(instance, "root", admin=True)
    handle = sign_in_limited(site, root)
    typed = {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}
    asked = site.get(f"/~{handle}{USERS}", headers=typed, status=403)
    assert "back on the page you wanted" in asked.text
    form = last_form(asked)
    form["confirm-password"] = root.password
    assert form.submit().follow(status=404).html.h1.get_text() == "This page needs cookies"


def test_no_page_is_promised_where_there_is_none(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, make_person(instance, "root", admin=True))
    typed = {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}
    asked = site.get(f"/~{handle}/nowhere/", headers=typed, status=403)
    assert "back on the page you wanted" not in asked.text
