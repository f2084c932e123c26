from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts import service
from portal.kernel.work import Instance
from tests.accounts.people import Happened
from tests.support.instances import Bed
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/manage/account/emails/"


def ask_again(site: Site) -> Any:
    return last_form(site.get(PAGE)).submit(expect_errors=True)


def test_the_page_shows_each_address_and_its_state(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    page = site.get(PAGE)
    assert [cell.get_text() for cell in page.html.select("main tbody th, main tbody td")] == [
        "ada@example.org",
        "Confirmed",
    ]
    assert page.html.select_one("main form") is None


def test_the_letter_of_an_unconfirmed_address_can_be_sent_again(
    instance: Instance, site: Site, happened: Happened
) -> None:
    sign_in(site, make_person(instance, confirmed=False))
    answer = ask_again(site)
    assert happened[-1].kind == "address.confirmation_requested"
    assert happened[-1].email == "ada@example.org"  # type: ignore[attr-defined]
    assert "Letter sent" in answer.follow().html.title.get_text()
    assert site.get(f"/account/verify-email/{happened.ticket}/").status_int == 200


def test_three_letters_in_six_hours_are_enough(instance: Instance, site: Site, bed: Bed, happened: Happened) -> None:
    person = make_person(instance, confirmed=False)
    sign_in(site, person)
    assert [ask_again(site).status_int for _letter in range(3)] == [303, 303, 303]
    refused = ask_again(site)
    assert refused.status_int == 429
    assert refused.headers["Retry-After"] == str(6 * 60 * 60)
    assert happened.kinds.count("address.confirmation_requested") == 3
    bed.clock.advance(timedelta(hours=6))
    site.reset()
    sign_in(site, person)
    assert ask_again(site).status_int == 303


def test_a_refused_letter_does_not_sign_out_whoever_had_to_confirm_first(
    instance: Instance, site: Site, bed: Bed
) -> None:
    person = make_person(instance, confirmed=False)
    sign_in(site, person)
    for _letter in range(3):
        ask_again(site)
    bed.clock.advance(timedelta(minutes=11))
    form = last_form(site.get(PAGE))
    form["confirm-password"] = person.password
    assert form.submit(expect_errors=True).status_int == 429
    bed.clock.advance(timedelta(minutes=2))
    assert site.get(PAGE).status_int == 200


def test_a_form_left_open_until_the_address_was_confirmed_sends_nothing(
    instance: Instance, site: Site, happened: Happened
) -> None:
    person = make_person(instance, confirmed=False)
    sign_in(site, person)
    form = last_form(site.get(PAGE))
    with instance.work() as work:
        service.addresses(work, person.account_id)[0].confirmed_at = work.now
    answer = form.submit()
    assert "E-mail address confirmed" in answer.follow().html.title.get_text()
    assert "address.confirmation_requested" not in happened.kinds


def test_a_bare_handle_sees_the_address_masked(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    person = make_person(instance, confirmed=False)
    handle = sign_in_limited(site, person)
    page = site.get(f"/~{handle}{PAGE}")
    assert "ada@example.org" not in page.text
    assert "a…@e….org" in page.text


def test_under_a_handle_the_letter_needs_a_confirmation(instance: Instance, bed: Bed, happened: Happened) -> None:
    site = Site(bed.application, takes_cookies=False)
    person = make_person(instance, confirmed=False)
    handle = sign_in_limited(site, person)
    bed.clock.advance(timedelta(minutes=11))
    form = last_form(site.get(f"/~{handle}{PAGE}"))
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 422
    assert "address.confirmation_requested" not in happened.kinds
    form["confirm-password"] = person.password
    assert form.submit(expect_errors=True).status_int == 303
    assert "address.confirmation_requested" in happened.kinds


def test_a_stranger_is_sent_to_sign_in(instance: Instance, site: Site) -> None:
    assert "/account/login/" in site.get(PAGE).headers["Location"]
