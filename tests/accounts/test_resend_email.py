from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import service
from portal.kernel.work import Instance
from tests.accounts.people import Happened
from tests.support.instances import Bed
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site


def page_of(instance: Instance, person: Someone) -> str:
    with instance.work() as work:
        address = service.addresses(work, person.account_id)[0]
        return f"/manage/account/emails/{address.id}/letter/"


def ask(site: Site, page: str) -> Any:
    form = last_form(site.get(page))
    form["confirm-password"] = PASSWORD
    return form.submit(expect_errors=True)


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody whose address is not confirmed."""
    return make_person(instance, confirmed=False)


def test_the_letter_can_be_sent_again(instance: Instance, site: Site, person: Someone, happened: Happened) -> None:
    sign_in(site, person)
    page = site.get("/manage/account/emails/").click("Send the letter again").request.path
    answer = ask(site, page)
    assert happened[-1].kind == "address.confirmation_requested"
    assert happened[-1].email == "ada@example.org"  # type: ignore[attr-defined]
    assert "Letter sent" in answer.follow().html.title.get_text()
    assert site.get(f"/account/verify-email/{happened.ticket}/").status_int == 200


def test_three_letters_in_six_hours_are_enough(
    instance: Instance, bed: Bed, person: Someone, happened: Happened
) -> None:
    site, page = Site(bed.application), page_of(instance, person)
    sign_in(site, person)
    assert [ask(site, page).status_int for _letter in range(3)] == [303, 303, 303]
    refused = ask(site, page)
    assert refused.status_int == 429
    assert refused.headers["Retry-After"] == str(6 * 60 * 60)
    assert happened.kinds.count("address.confirmation_requested") == 3
    bed.clock.advance(timedelta(hours=6))
    site.reset()
    sign_in(site, person)
    assert ask(site, page).status_int == 303


def test_a_refused_letter_does_not_sign_out_whoever_confirmed_first(
    instance: Instance, bed: Bed, person: Someone
) -> None:
    site, page = Site(bed.application), page_of(instance, person)
    sign_in(site, person)
    assert [ask(site, page).status_int for _letter in range(4)][-1] == 429
    bed.clock.advance(timedelta(minutes=2))
    assert site.get(page).status_int == 200


def test_a_form_left_open_until_the_address_was_confirmed_sends_nothing(
    instance: Instance, site: Site, person: Someone, happened: Happened
) -> None:
    sign_in(site, person)
    form = last_form(site.get(page_of(instance, person)))
    form["confirm-password"] = PASSWORD
    with instance.work() as work:
        service.addresses(work, person.account_id)[0].confirmed_at = work.now
    answer = form.submit()
    assert "E-mail address confirmed" in answer.follow().html.title.get_text()
    assert "address.confirmation_requested" not in happened.kinds


def test_under_a_handle_the_letter_needs_a_confirmation(
    instance: Instance, bed: Bed, person: Someone, happened: Happened
) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, person)
    page = f"/~{handle}{page_of(instance, person)}"
    assert last_form(site.get(page)).submit(expect_errors=True).status_int == 422
    assert "address.confirmation_requested" not in happened.kinds
    assert ask(site, page).status_int == 303
    assert "address.confirmation_requested" in happened.kinds


def test_somebody_elses_address_is_not_found(instance: Instance, site: Site, person: Someone) -> None:
    sign_in(site, make_person(instance, "bea"))
    assert site.get(page_of(instance, person), status=404)
    assert site.get("/manage/account/emails/nonsense/letter/", status=404)
