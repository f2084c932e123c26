"""A new list of recovery codes: shown after password and code, in place once a code of it has come back."""

from __future__ import annotations

from typing import Any

import pytest

from portal.factors.recovery.service import state_of
from portal.factors.service import Outcome, check_code
from portal.kernel.work import Instance
from tests.factors.pages import BOTH_MODES, CODES, OVERVIEW, browser_of, history, listed_codes, problems, send
from tests.factors.people import App, add_app
from tests.support.instances import READER
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with a confirmed address."""
    return make_person(instance)


@pytest.fixture
def app(instance: Instance, person: Someone) -> App:
    """The person's authenticator app."""
    return add_app(instance, person.account_id)


def show_new(browser: Site, person: Someone, app: App, start: str = "") -> Any:
    """The page with the new list, confirmed with the password and a recovery code."""
    return send(browser.get(start + CODES), confirm_password=person.password, confirm_code=app.codes[9].text)


def outcome(instance: Instance, person: Someone, text: str) -> Outcome:
    with instance.work(READER) as work:
        return check_code(work, person.account_id, text).outcome


@BOTH_MODES
def test_the_new_list_takes_the_place_of_the_old(
    instance: Instance, site: Site, person: Someone, app: App, limited: bool
) -> None:
    browser, start = browser_of(site, person, limited=limited, code=app.code(instance))
    page = show_new(browser, person, app, start)
    new = listed_codes(page)
    assert len(new) == 10
    assert "Your old recovery codes work until you press" in page.text
    result = send(page, codes=new[0]).follow()
    assert "New recovery codes made. The old codes no longer work." in result.html.title.text
    assert outcome(instance, person, app.codes[0].text) is Outcome.WRONG
    assert outcome(instance, person, new[0]) is Outcome.ACCEPTED
    assert history(instance, person.account_id).count("recovery_codes.created") == 2


def test_until_a_new_code_comes_back_the_old_ones_work(
    instance: Instance, site: Site, person: Someone, app: App
) -> None:
    sign_in(site, person, code=app.code(instance))
    page = show_new(site, person, app)
    refused = send(page, codes=app.codes[0].text)
    assert "none of the recovery codes on this page" in problems(refused)
    assert listed_codes(refused) == listed_codes(page)
    assert outcome(instance, person, listed_codes(page)[0]) is Outcome.WRONG
    assert outcome(instance, person, app.codes[0].text) is Outcome.ACCEPTED


@BOTH_MODES
def test_password_and_code_are_both_needed(
    instance: Instance, site: Site, person: Someone, app: App, limited: bool
) -> None:
    browser, start = browser_of(site, person, limited=limited, code=app.code(instance))
    page = browser.get(start + CODES)
    for password, code in ((person.password, ""), ("", app.codes[0].text), ("", "")):
        refused = send(page, confirm_password=password, confirm_code=code)
        assert problems(refused)
        assert not listed_codes(refused)


@BOTH_MODES
def test_no_code_stands_in_a_page_that_is_only_opened(
    instance: Instance, site: Site, person: Someone, app: App, limited: bool
) -> None:
    browser, start = browser_of(site, person, limited=limited, code=app.code(instance))
    new = listed_codes(show_new(browser, person, app, start))
    for path in (CODES, f"{CODES}?step=codes", OVERVIEW):
        text = browser.get(start + path).text
        assert not [code for code in [*new, *(code.text for code in app.codes)] if code in text]


def test_opening_and_reloading_change_nothing(instance: Instance, site: Site, person: Someone, app: App) -> None:
    sign_in(site, person, code=app.code(instance))
    with instance.work(READER) as work:
        before = state_of(work, person.account_id)
    form = last_form(site.get(CODES))
    form["confirm-password"], form["confirm-code"] = person.password, app.code(instance, 1)
    assert len(listed_codes(form.submit())) == 10
    assert "used already" in problems(form.submit(expect_errors=True))
    with instance.work(READER) as work:
        assert state_of(work, person.account_id) == before


def test_the_new_list_is_downloaded_as_a_file(instance: Instance, site: Site, person: Someone, app: App) -> None:
    sign_in(site, person, code=app.code(instance))
    page = show_new(site, person, app)
    file = last_form(page).submit("download")
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert all(code in file.text for code in listed_codes(page))
    send(page, codes=file.text)
    assert outcome(instance, person, listed_codes(page)[5]) is Outcome.ACCEPTED


def test_the_button_pressed_twice_makes_one_list(instance: Instance, site: Site, person: Someone, app: App) -> None:
    sign_in(site, person, code=app.code(instance))
    page = show_new(site, person, app)
    assert send(page, codes=listed_codes(page)[0]).status_int == 303
    assert send(page, codes=listed_codes(page)[0]).status_int == 303
    assert history(instance, person.account_id).count("recovery_codes.created") == 2


def test_a_list_begun_before_another_is_told_to_be_out_of_date(
    instance: Instance, site: Site, person: Someone, app: App
) -> None:
    sign_in(site, person, code=app.code(instance))
    early = show_new(site, person, app)
    late = send(site.get(CODES), confirm_password=person.password, confirm_code=app.codes[8].text)
    send(late, codes=listed_codes(late)[0])
    result = send(early, codes=listed_codes(early)[0]).follow()
    assert "Nothing was changed" in result.html.title.text
    assert outcome(instance, person, listed_codes(late)[0]) is Outcome.ACCEPTED


@pytest.mark.parametrize("carried", ["", "AAAA", "é"])
def test_a_list_that_is_none_of_ours_is_400(
    instance: Instance, site: Site, person: Someone, app: App, carried: str
) -> None:
    sign_in(site, person, code=app.code(instance))
    form = last_form(show_new(site, person, app))
    form["carried"] = carried
    assert form.submit(expect_errors=True).status_int == 400


def test_before_the_first_app_there_is_nothing_to_replace(site: Site, instance: Instance, person: Someone) -> None:
    sign_in(site, person)
    page = site.get(CODES)
    assert "You have no recovery codes" in page.text
    assert page.click("Set up an authenticator app").status_int == 200
    token = last_form(page)["_token"].value
    answer = site.post(CODES, {"_token": token, "confirm-password": person.password}, expect_errors=True)
    assert answer.status_int == 403
    assert not listed_codes(answer)
    assert history(instance, person.account_id) == []


@pytest.mark.parametrize("takes_cookies", [True, False])
def test_after_signing_in_with_one_the_next_page_says_how_many_are_left(
    site: Site, person: Someone, app: App, takes_cookies: bool
) -> None:
    browser = Site(site.application, takes_cookies=takes_cookies)
    answer = sign_in(browser, person, code=app.codes[0].text)
    page = (answer if takes_cookies else last_form(answer).submit()).follow()
    assert page.html.title.text.startswith("You signed in with a recovery code, which does not work again.")
    assert "Recovery codes left: 9." in page.html.main.text
