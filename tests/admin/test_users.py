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
    assert site.get("/fr/admin/users/", expect_errors=True).html.h1.get_text() == "Page not found"
    assert "/admin/" not in site.get(f"/~{handle}/manage/account/").text
