"""A form that is sent after the session has ended by time keeps what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.kernel.work import Instance
from portal.signin.models import Session
from portal.tokens.models import Token
from tests.support.clock import FixedClock
from tests.support.people import HANDLE, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

ADD = "/manage/account/tokens/add/"


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody without a second factor."""
    return make_person(instance)


def tokens(instance: Instance) -> int:
    """How many tokens there are."""
    with instance.work() as work:
        return work.db.scalar(select(func.count()).select_from(Token)) or 0


def late_form(site: Site, person: Someone, clock: FixedClock, address: str = ADD, hours: int = 3) -> Any:
    """A form of the token page, filled in and sent some hours too late."""
    form = last_form(site.get(address))
    form["name"] = "ci upload"
    form["scope"], form["expires"] = "everything", "30"
    clock.advance(timedelta(hours=hours))
    return form.submit(expect_errors=True)


def go_on(asked: Any, person: Someone, **fields: str) -> Any:
    """Type the password into the page that asks for it."""
    form = last_form(asked)
    form["resume-password"] = fields.get("password", person.password)
    return form.submit(expect_errors=True)


def test_the_form_comes_back_filled_in_and_nothing_is_done_before_the_button_is_pressed_again(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    asked = late_form(site, person, clock)
    assert asked.status_int == 422
    assert "What you typed is kept." in asked.text
    assert asked.html.title.get_text().startswith("Sign in to go on")
    again = go_on(asked, person)
    assert again.status_int == 200
    assert last_form(again)["name"].value == "ci upload"
    assert tokens(instance) == 0
    assert last_form(again).submit().status_int == 200
    assert tokens(instance) == 1


def test_in_limited_mode_it_goes_on_below_a_new_handle(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    asked = late_form(blocked, person, clock, f"/~{handle}{ADD}")
    again = go_on(asked, person)
    assert last_form(again)["name"].value == "ci upload"
    new = HANDLE.search(again.text)
    assert new is not None
    assert new[1] != handle
    form = last_form(again)
    form["confirm-password"] = person.password
    assert form.submit().status_int == 200
    assert tokens(instance) == 1


def test_a_wrong_password_keeps_everything_and_says_so(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    again = go_on(late_form(site, person, clock), person, password="not the password at all")
    assert again.status_int == 422
    assert "The password is wrong." in again.text
    assert last_form(again)["name"].value == "ci upload"


def test_nobody_else_can_go_on_with_the_form(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    make_person(instance, "bob")
    asked = late_form(site, person, clock)
    form = last_form(asked)
    form["resume-username"] = "bob"
    form["resume-password"] = person.password
    form.submit()
    with instance.work() as work:
        assert set(work.db.scalars(select(Session.account_id))) == {person.account_id}


def test_another_site_can_not_send_a_late_form(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    form = last_form(site.get(ADD))
    clock.advance(timedelta(hours=3))
    assert form.submit(headers={"Sec-Fetch-Site": "cross-site"}, expect_errors=True).status_int == 403


def test_after_signing_out_a_late_form_leads_to_the_sign_in_page_or_is_refused(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    form = last_form(site.get(ADD))
    last_form(site.get("/account/logout/")).submit()
    form["name"], form["scope"], form["expires"] = "ci upload", "everything", "30"
    assert form.submit(expect_errors=True).status_int == 400
    assert tokens(instance) == 0


def test_the_kept_page_holds_no_password(instance: Instance, site: Site, person: Someone, clock: FixedClock) -> None:
    sign_in(site, person)
    asked = go_on(late_form(site, person, clock), person, password="not the password at all")
    assert "not the password at all" not in asked.text
