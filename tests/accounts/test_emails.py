from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import addresses, service
from portal.kernel.work import Instance
from tests.accounts.people import Happened
from tests.support.instances import Bed
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/manage/account/emails/"


def add(site: Site, email: str, *, page: str = PAGE, password: str = PASSWORD) -> Any:
    form = last_form(site.get(page))
    form["email"], form["confirm-password"] = email, password
    return form.submit(expect_errors=True)


def listed(instance: Instance, person: Someone) -> list[tuple[str, bool, bool]]:
    with instance.work() as work:
        rows = service.addresses(work, person.account_id)
        return [(row.email, row.confirmed_at is not None, row.is_primary) for row in rows]


def cells(page: Any) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in page.html.select("main tbody th, main tbody td")]


def test_the_page_shows_each_address_its_state_and_what_can_be_done(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    with instance.work() as work:
        for email in ("second@example.org", "third@example.org"):
            addresses.add(work, person.account_id, email)
        service.addresses(work, person.account_id)[1].confirmed_at = work.now
    sign_in(site, person)
    assert cells(site.get(PAGE)) == [
        *("ada@example.org", "Confirmed, primary", ""),
        *("second@example.org", "Confirmed", "Make primary Remove"),
        *("third@example.org", "Not confirmed", "Send the letter again Remove"),
    ]


def test_an_account_that_waits_for_its_confirmation_is_told_how_to_go_on(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, confirmed=False))
    page = site.get(PAGE)
    assert cells(page) == ["ada@example.org", "Not confirmed", "Send the letter again"]
    assert "Open the letter that we have written to this address" in page.html.select_one(".notice").get_text()
    assert "Use another address" in page.text


def test_a_second_address_gets_a_letter_whose_link_confirms_it(
    instance: Instance, site: Site, happened: Happened
) -> None:
    person = make_person(instance)
    sign_in(site, person)
    answer = add(site, "second@example.org")
    told = answer.follow().html.title.get_text()
    assert "E-mail address added: we have written a letter to second@example.org" in told
    assert listed(instance, person) == [("ada@example.org", True, True), ("second@example.org", False, False)]
    last_form(site.get(f"/account/verify-email/{happened.ticket}/")).submit()
    assert listed(instance, person)[1] == ("second@example.org", True, False)
    assert happened.kinds[-2:] == ["address.added", "address.confirmed"]


def test_an_address_mistyped_at_registration_is_replaced(instance: Instance, site: Site, happened: Happened) -> None:
    person = make_person(instance, confirmed=False)
    sign_in(site, person)
    told = add(site, "ada@example.com").follow().html.select_one(".result").get_text(strip=True)
    assert told == (
        "E-mail address replaced: we have written a letter to ada@example.com, and the address before it is removed"
    )
    assert listed(instance, person) == [("ada@example.com", False, True)]
    assert happened.kinds[-2:] == ["address.removed", "address.added"]


def test_the_link_in_the_letter_to_a_mistyped_address_dies(instance: Instance, site: Site, happened: Happened) -> None:
    person = make_person(instance, confirmed=False)
    with instance.work() as work:
        service.request_confirmation(work, service.addresses(work, person.account_id)[0])
    old = happened.ticket
    sign_in(site, person)
    add(site, "ada@example.com")
    page = site.get(f"/account/verify-email/{old}/", status=410)
    assert page.html.h1.text == "This link no longer works"
    assert "The account uses another one now" in page.text
    assert "ada@example" not in page.html.main.get_text()


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@EXAMPLE.ORG"])
def test_an_address_is_listed_once_whatever_its_case(instance: Instance, site: Site, email: str) -> None:
    person = make_person(instance)
    sign_in(site, person)
    answer = add(site, email)
    assert answer.status_int == 422
    assert "in your list already" in answer.html.select_one("#email-error").get_text()


def test_somebody_elses_address_gets_the_same_answer_and_another_letter(
    instance: Instance, site: Site, happened: Happened
) -> None:
    make_person(instance, "bea")
    sign_in(site, make_person(instance))
    free, taken = add(site, "free@example.org"), add(site, "bea@example.org")
    assert happened[-1].already_registered  # type: ignore[attr-defined]
    assert (taken.status, taken.headers["Location"]) == (free.status, free.headers["Location"])
    assert cells(site.get(PAGE))[-2] == "Not confirmed"


@pytest.mark.parametrize(("email", "sentence"), [("", "Enter your"), ("ada", "like name@example.org")])
def test_what_is_no_address_is_not_added(instance: Instance, site: Site, email: str, sentence: str) -> None:
    person = make_person(instance)
    sign_in(site, person)
    answer = add(site, email)
    assert answer.status_int == 422
    assert sentence in answer.html.select_one("#email-error").get_text()
    assert len(listed(instance, person)) == 1


def test_nothing_is_added_without_the_password(instance: Instance, site: Site, happened: Happened) -> None:
    person = make_person(instance)
    sign_in(site, person)
    for wrong in ("", "a wrong one of good length"):
        assert add(site, "second@example.org", password=wrong).status_int == 422
    assert len(listed(instance, person)) == 1


def test_three_new_addresses_in_six_hours_are_enough_and_ten_in_all(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application)
    person = make_person(instance)
    for number in range(9):
        site.reset()
        sign_in(site, person)
        assert add(site, f"ada{number}@example.org").status_int == 303
        if number % 3 == 2:
            assert add(site, "more@example.org").status_int == 429
            bed.clock.advance(timedelta(hours=6))
    site.reset()
    sign_in(site, person)
    refused = add(site, "more@example.org")
    assert "at most 10 addresses" in refused.html.select_one("#email-error").get_text()


def test_a_bare_handle_sees_the_address_masked(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    person = make_person(instance, confirmed=False)
    handle = sign_in_limited(site, person)
    page = site.get(f"/~{handle}{PAGE}")
    assert "ada@example.org" not in page.text
    assert "a…@e….org" in page.text


def test_an_address_is_added_in_limited_mode_too(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    person = make_person(instance)
    handle = sign_in_limited(site, person)
    assert add(site, "second@example.org", page=f"/~{handle}{PAGE}").status_int == 303
    assert len(listed(instance, person)) == 2


def test_the_answer_in_limited_mode_names_the_new_address_once_and_the_list_masks_it(
    instance: Instance, bed: Bed
) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, make_person(instance, confirmed=False))
    answer = add(site, "ada@example.com", page=f"/~{handle}{PAGE}").follow()
    assert "we have written a letter to ada@example.com" in answer.html.select_one(".result").get_text()
    assert cells(answer)[0] == "a…@e….com"
    assert "ada@example.com" not in site.get(f"/~{handle}{PAGE}").text


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ada@example,org", "This address has a comma. Did you mean a dot?"),
        ("ada@example", "After the @ of this address a dot is missing, as in name@example.org."),
        ("ada.example.org", "Enter an e-mail address like name@example.org. The @ is missing."),
        ("ada@work@example.org", "Use exactly one @."),
        ("ada b@example.org", "This address has a space. Remove it."),
        ("ädä@example.org", "Use only the letters a to z"),
        ("ada@example..org", "Enter an e-mail address like name@example.org."),
    ],
)
def test_what_is_wrong_with_an_address_is_told(instance: Instance, site: Site, *, email: str, sentence: str) -> None:
    sign_in(site, make_person(instance))
    assert sentence in add(site, email).html.select_one("#email-error").get_text()


def test_a_stranger_is_sent_to_sign_in(instance: Instance, site: Site) -> None:
    assert "/account/login/" in site.get(PAGE).headers["Location"]
