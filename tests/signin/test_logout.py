"""Signing out."""

from __future__ import annotations

from sqlalchemy import select

from portal.kernel.work import Instance
from portal.signin.models import Session
from tests.support.people import last_form, make_person, sign_in
from tests.support.site import Site


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


def test_opening_the_page_signs_nobody_out(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    site.get("/account/logout/")
    assert site.get("/manage/account/history/").status_int == 200
