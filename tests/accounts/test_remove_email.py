from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from portal.accounts import addresses, service, tickets
from portal.accounts.errors import AddressesChanged, AddressIsPrimary
from portal.accounts.tickets import Purpose
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.work import Instance, Work
from tests.accounts.people import Happened
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site


def page_of(address_id: UUID) -> str:
    return f"/manage/account/emails/{address_id}/remove/"


def press(site: Site, address_id: UUID, password: str = PASSWORD) -> Any:
    form = last_form(site.get(page_of(address_id)))
    form["confirm-password"] = password
    return form.submit(expect_errors=True)


def count(work: Work, person: Someone) -> int:
    found = len(service.addresses(work, person.account_id))
    work.settle()
    return found


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with a confirmed primary address."""
    return make_person(instance)


@pytest.fixture
def second(instance: Instance, person: Someone) -> UUID:
    """The id of a second address, to which a letter was sent."""
    with instance.work() as work:
        addresses.add(work, person.account_id, "second@example.org")
        return service.addresses(work, person.account_id)[1].id


def test_an_address_is_removed_and_can_be_added_again(
    instance: Instance, site: Site, person: Someone, second: UUID, happened: Happened
) -> None:
    sign_in(site, person)
    answer = press(site, second)
    assert "E-mail address removed" in answer.follow().html.title.get_text()
    assert happened.kinds[-1] == "address.removed"
    assert site.get(page_of(second), status=404)
    with instance.work() as work:
        addresses.add(work, person.account_id, "second@example.org")


def test_it_needs_the_password(site: Site, person: Someone, second: UUID, work: Work) -> None:
    sign_in(site, person)
    assert press(site, second, "a wrong one of good length").status_int == 422
    assert count(work, person) == 2


def test_the_link_of_a_letter_to_it_dies(instance: Instance, person: Someone, happened: Happened, second: UUID) -> None:
    ticket = happened.ticket
    with instance.work() as work:
        addresses.remove(work, person.account_id, second)
    with instance.work() as work:
        found = tickets.find(work, Purpose.CONFIRM_ADDRESS, ticket)
        assert found.address_id is None
        with pytest.raises(AlreadyUsed):
            service.confirm_address(work, found)


def test_nobody_signs_in_with_it_any_more_and_somebody_else_may_confirm_it(
    instance: Instance, person: Someone, second: UUID
) -> None:
    with instance.work() as work:
        service.find_address(work, second).confirmed_at = work.now
    with instance.work() as work:
        assert service.by_login(work, "second@example.org") is not None
        addresses.remove(work, person.account_id, second)
        assert service.by_login(work, "second@example.org") is None


def test_the_primary_address_stays(instance: Instance, site: Site, person: Someone, work: Work) -> None:
    primary = service.addresses(work, person.account_id)[0].id
    work.settle()
    with instance.work() as mine, pytest.raises(AddressIsPrimary):
        addresses.remove(mine, person.account_id, primary)
    sign_in(site, person)
    assert site.get(page_of(primary), status=409)
    assert count(work, person) == 1


def test_somebody_elses_address_is_not_found(instance: Instance, site: Site, second: UUID) -> None:
    bea = make_person(instance, "bea")
    with instance.work() as work, pytest.raises(NotFound):
        addresses.remove(work, bea.account_id, second)
    sign_in(site, bea)
    assert site.get(page_of(second), status=404)


def test_of_twenty_who_remove_it_at_once_one_does(
    instance: Instance, person: Someone, second: UUID, happened: Happened
) -> None:
    def remove() -> None:
        with instance.work() as mine:
            addresses.remove(mine, person.account_id, second)

    results = at_once(remove, 20)
    assert results.count(None) == 1
    assert all(result is None or isinstance(result, NotFound | AddressesChanged) for result in results)
    assert happened.kinds.count("address.removed") == 1


def test_an_address_confirmed_at_the_instant_of_its_replacement_stays(instance: Instance, happened: Happened) -> None:
    waiting = make_person(instance, "bea", confirmed=False)
    with instance.work() as work:
        service.request_confirmation(work, service.addresses(work, waiting.account_id)[0])
    text = happened.ticket
    turns = iter(range(20))

    def act() -> None:
        with instance.work() as mine:
            if next(turns) % 2:
                addresses.add(mine, waiting.account_id, "other@example.org")
            else:
                service.confirm_address(mine, tickets.find(mine, Purpose.CONFIRM_ADDRESS, text))

    at_once(act, 20)
    with instance.work() as work:
        rows = service.addresses(work, waiting.account_id)
    confirmed = [row.email for row in rows if row.confirmed_at]
    assert [row.is_primary for row in rows].count(True) == 1
    assert ("address.confirmed" in happened.kinds) is (confirmed == ["bea@example.org"])
