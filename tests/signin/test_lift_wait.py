"""The link that lifts a wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import tickets
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.signin import closed
from portal.signin.models import Session
from tests.signin.test_closed import guess
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody whom strangers have closed the way in for."""
    made = make_person(instance, authenticator=True)
    guess(instance, "ada", 10)
    return made


@pytest.fixture
def path(instance: Instance, person: Someone) -> str:
    """The address that the letter holds."""
    with instance.work() as work:
        ticket = tickets.issue(work, Purpose.LIFT_WAIT, person.account_id, None, life=closed.LIFE)
    return f"/account/lift-wait/{ticket}/"


def test_the_button_lifts_the_wait_and_signs_nobody_in(
    instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock
) -> None:
    code = person.code(clock.now())
    assert sign_in(site, person, code=code).status_int == 429
    page = last_form(site.get(path)).submit()
    assert page.html.h1.text == "The wait is lifted"
    with instance.work() as work:
        assert work.db.scalar(select(Session.id)) is None
        assert work.db.scalars(select(Entry.kind).order_by(Entry.id.desc())).first() == "session.wait_lifted"
    assert site.get("/manage/account/").status_int == 303
    assert sign_in(site, person).status_int == 200
    assert sign_in(site, person, code=code).status_int == 303


def test_opening_the_page_lifts_nothing(site: Site, person: Someone, path: str) -> None:
    page = site.get(path)
    assert "ada" in page.html.find("dl").text
    assert sign_in(site, person).status_int == 429


def test_codes_are_lifted_too(instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock) -> None:
    last_form(site.get(path)).submit()
    guess(instance, "ada", 10, password=person.password, code="000000")
    assert sign_in(site, person, code=person.code(clock.now())).status_int == 429
    with instance.work() as work:
        again = tickets.issue(work, Purpose.LIFT_WAIT, person.account_id, None, life=closed.LIFE)
    last_form(site.get(f"/account/lift-wait/{again}/")).submit()
    assert sign_in(site, person, code=person.code(clock.now())).status_int == 303


def test_the_link_works_once(site: Site, path: str) -> None:
    form = last_form(site.get(path))
    form.submit()
    again = form.submit(expect_errors=True)
    assert (again.status_int, again.html.h1.text) == (410, "This link was used already")
    assert site.get(path, expect_errors=True).status_int == 410


def test_of_many_at_once_one_lifts_it(instance: Instance, person: Someone, path: str) -> None:
    def lift() -> bool:
        with instance.work() as work:
            closed.lift_with_link(work, tickets.find(work, Purpose.LIFT_WAIT, path.split("/")[3]))
        return True

    assert at_once(lift, 10).count(True) == 1


def test_after_a_day_it_is_over(site: Site, path: str, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=24))
    page = site.get(path, status=410)
    assert page.html.h1.text == "This link has expired"
    assert page.html.select_one("main a[href='/account/login/']") is not None


def test_a_link_for_something_else_is_not_found(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        ticket = tickets.issue(work, Purpose.RESET_PASSWORD, person.account_id, None, life=closed.LIFE)
    for text in (ticket, "nonsense"):
        assert site.get(f"/account/lift-wait/{text}/", expect_errors=True).status_int == 404
