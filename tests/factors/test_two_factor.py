"""The overview of second factors: names, dates, counts, ways on, and nothing secret."""

from __future__ import annotations

from datetime import timedelta

from portal.factors.service import check_code
from portal.kernel.work import Instance
from tests.factors.pages import ADD, BOTH_MODES, CODES, OVERVIEW, browser_of
from tests.factors.people import add_app
from tests.support.clock import FixedClock
from tests.support.instances import READER
from tests.support.people import make_person, sign_in
from tests.support.site import Site


def words(page: object) -> str:
    """The text of the page, its white space folded."""
    return " ".join(page.html.find("main").text.split())  # type: ignore[attr-defined]


@BOTH_MODES
def test_before_the_first_app_it_says_off_and_how_to_turn_it_on(instance: Instance, site: Site, limited: bool) -> None:
    browser, start = browser_of(site, make_person(instance), limited=limited)
    page = browser.get(start + OVERVIEW)
    assert "Two-factor authentication (2FA) is off." in words(page)
    assert page.click("Set up an authenticator app").request.path.endswith(ADD)
    assert "Confirm your e-mail address first" not in words(page)


def test_without_a_confirmed_address_it_leads_there(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, confirmed=False))
    page = site.get(OVERVIEW)
    assert "Confirm your e-mail address first" in words(page)
    assert page.click("Your e-mail addresses").status_int == 200


@BOTH_MODES
def test_apps_stand_with_name_and_dates(instance: Instance, site: Site, clock: FixedClock, limited: bool) -> None:
    person = make_person(instance)
    app = add_app(instance, person.account_id, "my <phone>")
    clock.advance(timedelta(days=1))
    browser, start = browser_of(site, person, limited=limited, code=app.code(instance))
    add_app(instance, person.account_id, "the tablet")
    page = browser.get(start + OVERVIEW)
    rows = [" ".join(row.text.split()) for row in page.html.select("tbody tr")]
    assert rows == [
        "my <phone> 1 June 2026, 12:00 UTC 2 June 2026, 12:00 UTC Rename my <phone> Remove my <phone>",
        "the tablet 2 June 2026, 12:00 UTC Not yet Rename the tablet Remove the tablet",
    ]
    assert page.click("Add another authenticator app").status_int == 200
    assert page.click("Make new recovery codes").request.path.endswith(CODES)


def test_what_is_left_of_the_recovery_codes_is_told_and_at_three_it_warns(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    app = add_app(instance, person.account_id)
    sign_in(site, person, code=app.code(instance))
    assert "10 unused codes are left. The list was made on 1 June 2026, 12:00 UTC." in words(site.get(OVERVIEW))
    for number, code in enumerate(app.codes[:9], 1):
        with instance.work(READER) as work:
            assert check_code(work, person.account_id, code.text).accepted
        warned = site.get(OVERVIEW).html.find("p", class_="warning")
        assert (warned is not None) == (10 - number <= 3)
    assert "1 unused code is left." in words(site.get(OVERVIEW))


def test_another_account_s_apps_are_not_shown(instance: Instance, site: Site) -> None:
    add_app(instance, make_person(instance, "bob").account_id, "the phone of bob")
    sign_in(site, make_person(instance))
    assert "bob" not in words(site.get(OVERVIEW))
