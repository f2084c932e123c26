from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from portal.accounts import addresses, service
from portal.accounts.errors import AddressUnconfirmed
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance, Work
from tests.accounts.people import Happened
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site


def page_of(address_id: UUID) -> str:
    return f"/manage/account/emails/{address_id}/primary/"


def press(site: Site, address_id: UUID, password: str = PASSWORD) -> Any:
    form = last_form(site.get(page_of(address_id)))
    form["confirm-password"] = password
    return form.submit(expect_errors=True)


def primary(work: Work, person: Someone) -> list[str]:
    found = [row.email for row in service.addresses(work, person.account_id) if row.is_primary]
    work.settle()
    return found


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with a confirmed primary address."""
    return make_person(instance)


@pytest.fixture
def second(instance: Instance, person: Someone) -> UUID:
    """The id of a second confirmed address."""
    with instance.work() as work:
        row = service.insert_address(work, person.account_id, "second@example.org", primary=False)
        row.confirmed_at = work.now
        return row.id


def test_a_confirmed_address_becomes_the_primary_one(
    site: Site, person: Someone, second: UUID, happened: Happened, work: Work
) -> None:
    sign_in(site, person)
    answer = press(site, second)
    assert "Primary e-mail address changed" in answer.follow().html.title.get_text()
    assert primary(work, person) == ["second@example.org"]
    assert happened.kinds[-1] == "address.primary_changed"


def test_it_needs_the_password(site: Site, person: Someone, second: UUID, work: Work) -> None:
    sign_in(site, person)
    assert press(site, second, "a wrong one of good length").status_int == 422
    assert primary(work, person) == ["ada@example.org"]


def test_an_unconfirmed_address_can_not_be_primary(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        row = service.insert_address(work, person.account_id, "third@example.org", primary=False)
        with pytest.raises(AddressUnconfirmed):
            addresses.make_primary(work, person.account_id, row.id)
    sign_in(site, person)
    assert site.get(page_of(row.id), status=409)


def test_doing_it_twice_changes_nothing_more(
    instance: Instance, person: Someone, second: UUID, happened: Happened
) -> None:
    for _time in range(2):
        with instance.work() as work:
            addresses.make_primary(work, person.account_id, second)
    assert happened.kinds.count("address.primary_changed") == 1


def test_somebody_elses_address_is_not_found(instance: Instance, site: Site, second: UUID) -> None:
    bea = make_person(instance, "bea")
    with instance.work() as work, pytest.raises(NotFound):
        addresses.make_primary(work, bea.account_id, second)
    sign_in(site, bea)
    assert site.get(page_of(second), status=404)


def test_of_many_who_choose_at_once_there_is_one_primary_address(
    instance: Instance, person: Someone, second: UUID, work: Work
) -> None:
    first = service.addresses(work, person.account_id)[0].id
    work.settle()
    waiting = iter([first, second] * 10)

    def choose() -> None:
        with instance.work() as mine:
            addresses.make_primary(mine, person.account_id, next(waiting))

    assert at_once(choose, 20) == [None] * 20
    assert len(primary(work, person)) == 1
