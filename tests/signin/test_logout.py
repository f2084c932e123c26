"""Signing out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.kernel.work import Instance
from portal.signin.models import Session
from tests.support.clock import FixedClock
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

SIGNED_OUT = "http://localhost/account/signed-out/"


def test_the_button_ends_the_session_in_the_database_and_takes_the_cookie(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    secret = site.cookies["session"]
    page = site.get("/manage/account/history/")
    answer = next(form for form in page.forms.values() if form.action == "/account/logout/").submit()
    assert answer.headers["Location"] == "http://localhost/account/signed-out/"
    assert "session" not in site.cookies
    with instance.work() as work:
        assert work.db.scalar(select(Session.ended_at)) is not None
    site.set_cookie("session", secret)
    assert site.get("/manage/account/history/").status_int == 303


def test_the_page_has_the_button_too(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    assert last_form(site.get("/account/logout/")).submit().status_int == 303


def test_a_button_pressed_twice_leads_to_the_same_page(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    form = last_form(site.get("/account/logout/"))
    assert form.submit().location == form.submit().location == SIGNED_OUT


def test_in_limited_mode_too(instance: Instance, site: Site) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, make_person(instance))
    form = last_form(blocked.get(f"/~{handle}/account/logout/"))
    assert form.submit().location == form.submit().location == SIGNED_OUT


def test_after_the_time_is_over_nobody_is_asked_to_sign_in_to_sign_out(
    instance: Instance, site: Site, clock: FixedClock
) -> None:
    sign_in(site, make_person(instance))
    form = last_form(site.get("/account/logout/"))
    clock.advance(timedelta(hours=3))
    assert form.submit().location == SIGNED_OUT


def test_another_site_signs_nobody_out(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    stranger = last_form(Site(site.application).get("/account/login/"))["_token"].value
    for token, answer in (("", 400), (stranger, 422)):
        assert site.post("/account/logout/", {"_token": token}, expect_errors=True).status_int == answer
    assert site.get("/manage/account/history/").status_int == 200


def test_opening_the_page_signs_nobody_out(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    site.get("/account/logout/")
    assert site.get("/manage/account/history/").status_int == 200
