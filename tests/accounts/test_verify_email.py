from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import service
from portal.kernel.work import Instance
from tests.accounts.people import PASSWORD, Happened, People
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.people import last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site


def page_of(text: str) -> str:
    return f"/account/verify-email/{text}/"


def send(site: Site, text: str, password: str = PASSWORD) -> Any:
    form = last_form(site.get(page_of(text)))
    form["password"] = password
    return form.submit(expect_errors=True)


def confirmed(instance: Instance, username: str = "ann") -> bool:
    with instance.work() as work:
        account = service.by_username_or_none(work, username)
        assert account is not None
        return service.confirmed_address(work, account.id) is not None


@pytest.fixture
def link(people: People, happened: Happened) -> str:
    """The secret in the letter to ann, who is not signed in."""
    people.register("ann", "ann@example.org")
    return happened.ticket


def test_opening_the_link_names_the_account_and_changes_nothing(instance: Instance, site: Site, link: str) -> None:
    page = site.get(page_of(link))
    assert page.html.select_one("input[name=username]")["value"] == "ann"
    assert "ann@example.org" in page.html.select_one("dl.facts").get_text()
    assert not confirmed(instance)


def test_the_accounts_password_confirms_the_address_and_signs_nobody_in(
    instance: Instance, site: Site, link: str
) -> None:
    answer = send(site, link)
    assert answer.status_int == 303
    assert answer.headers["Location"] == "http://localhost/account/verified/"
    assert confirmed(instance)
    assert site.get("/manage/account/").status_int == 303


def test_the_link_works_in_a_browser_that_takes_no_cookies(instance: Instance, bed: Bed, link: str) -> None:
    assert send(Site(bed.application, takes_cookies=False), link).status_int == 303
    assert confirmed(instance)


def test_a_wrong_password_confirms_nothing_and_stays_in_the_history(
    instance: Instance, site: Site, link: str, happened: Happened
) -> None:
    answer = send(site, link, "a wrong one of good length")
    assert answer.status_int == 422
    assert "This is not the password of this account." in answer.html.select_one("#password-error").get_text()
    assert happened.kinds == ["account.registered", "address.confirmation_refused"]
    assert not confirmed(instance)


def test_passwords_tried_beside_a_link_are_throttled(instance: Instance, site: Site, link: str, bed: Bed) -> None:
    for _attempt in range(10):
        assert send(site, link, "a wrong one of good length").status_int == 422
    assert send(site, link).status_int == 429
    bed.clock.advance(timedelta(seconds=30))
    assert send(site, link).status_int == 303


def test_after_ten_times_the_free_attempts_the_link_takes_no_password_any_more(
    instance: Instance, link: str, bed: Bed
) -> None:
    site = Site(bed.assemble(throttle_free=1))
    for _attempt in range(10):
        assert send(site, link, "a wrong one of good length").status_int == 422
        bed.clock.advance(timedelta(hours=1))
    refused = send(site, link)
    site.application.instance.database.close()
    assert refused.status_int == 429
    assert "this way is closed" in refused.text
    assert "Retry-After" not in refused.headers


def test_whoever_is_signed_in_to_the_account_is_not_asked_for_the_password(
    instance: Instance, site: Site, happened: Happened
) -> None:
    person = make_person(instance, confirmed=False)
    with instance.work() as work:
        service.request_confirmation(work, service.addresses(work, person.account_id)[0])
    sign_in(site, person)
    page = site.get(page_of(happened.ticket))
    form = last_form(page)
    assert "password" not in form.fields
    assert "ada" in page.html.select_one("dl.facts").get_text()
    answer = form.submit()
    assert answer.headers["Location"] == "http://localhost/manage/account/"
    page = answer.follow()
    assert "E-mail address confirmed" in page.html.title.get_text()
    assert confirmed(instance, "ada")


def test_whoever_is_signed_in_to_another_account_is_asked(instance: Instance, site: Site, link: str) -> None:
    sign_in(site, make_person(instance, "bea"))
    form = last_form(site.get(page_of(link)))
    assert form["username"].value == "ann"
    form["password"] = PASSWORD
    assert form.submit().status_int == 303
    assert confirmed(instance)


def test_the_account_is_the_links_whatever_name_is_sent(instance: Instance, site: Site, link: str) -> None:
    form = last_form(site.get(page_of(link)))
    form["username"], form["password"] = "bea", PASSWORD
    assert form.submit().status_int == 303
    assert confirmed(instance)


@pytest.mark.parametrize("text", ["x", "x" * 43, "x" * 3000])
def test_an_unknown_link_is_not_found(people: People, site: Site, text: str) -> None:
    assert "This link is not complete" in site.get(page_of(text), status=404).text


def test_a_used_link_says_that_the_address_is_confirmed(site: Site, link: str) -> None:
    send(site, link)
    page = site.get(page_of(link), status=410)
    assert page.html.h1.text == "This link was used already"
    assert "It was for confirming an e-mail address. The address is confirmed." in page.text


def test_an_expired_link_says_how_to_get_another(instance: Instance, site: Site, link: str, clock: FixedClock) -> None:
    form = last_form(site.get(page_of(link)))
    clock.advance(timedelta(hours=24))
    form["password"] = PASSWORD
    for page in (site.get(page_of(link), status=410), form.submit(status=410)):
        assert page.html.h1.text == "This link has expired"
        assert "The address is not confirmed." in page.text
        assert page.html.find("a", string="Sign in and ask for a new letter")["href"] == "/manage/account/emails/"
    assert not confirmed(instance)


def test_a_second_link_of_a_confirmed_address_is_over_too(people: People, site: Site, happened: Happened) -> None:
    account = people.register("ann")
    first = happened.ticket
    with people.instance.work() as work:
        service.request_confirmation(work, service.addresses(work, account.id)[0])
    send(site, first)
    assert site.get(page_of(happened.ticket), status=410)


def test_an_address_that_another_account_confirmed_first_is_refused_in_words(
    people: People, site: Site, happened: Happened
) -> None:
    people.register("ann", "both@example.org")
    link = happened.ticket
    people.confirmed("bea", "both@example.org")
    answer = send(site, link)
    assert answer.status_int == 409
    assert "Another account has confirmed this e-mail address" in answer.text
    assert not confirmed(people.instance)


def test_of_fifty_who_press_the_button_at_once_one_confirms_and_the_others_are_told(
    instance: Instance, bed: Bed, link: str, happened: Happened
) -> None:
    application = bed.assemble(throttle_free=1000)
    form = last_form(Site(application).get(page_of(link)))
    fields = {"_token": form["_token"].value, "username": "ann", "password": PASSWORD}
    answers = at_once(lambda: Site(application).post(page_of(link), fields, expect_errors=True))
    application.instance.database.close()
    assert sorted(answer.status_int for answer in answers) == [303] + [410] * 49
    assert all("This link was used already" in answer.text for answer in answers if answer.status_int == 410)
    assert confirmed(instance)
