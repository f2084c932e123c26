from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import first_admin, passwords, service
from portal.accounts.errors import TicketExpired, TicketUsed, UsernameTaken
from portal.accounts.first_admin import Standing
from portal.accounts.models import Account, Setup
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.work import Instance, Work
from tests.accounts.people import PASSWORD, Happened, People
from tests.support.clock import FixedClock
from tests.support.races import MANY, at_once


def issue(instance: Instance, *, remains: bool = False) -> str | None:
    with instance.work() as work:
        return first_admin.issue(work, remains=remains)


def check(instance: Instance, text: str) -> None:
    with instance.work() as work:
        first_admin.check(work, text)


def register(instance: Instance, text: str, username: str = "ann") -> None:
    with instance.work() as work:
        hashed = passwords.hash_password(work, PASSWORD)
        first_admin.register(work, text, username=username, email="ann@example.org", password_hash=hashed)


@pytest.fixture
def link(instance: Instance) -> str:
    """The link of a new instance."""
    text = issue(instance)
    assert text is not None
    return text


def test_the_link_makes_the_administrator_and_opens_the_instance(
    instance: Instance, link: str, happened: Happened, work: Work
) -> None:
    register(instance, link)
    service.require_ready(work)
    [account] = work.db.scalars(select(Account))
    assert account.is_admin
    assert happened.kinds == ["account.first_administrator"]


def test_the_administrators_address_has_to_be_confirmed_like_anybodys(
    instance: Instance, link: str, happened: Happened, work: Work
) -> None:
    register(instance, link)
    [account] = work.db.scalars(select(Account))
    assert service.confirmed_address(work, account.id) is None
    assert happened.ticket


def test_the_link_works_for_an_hour(instance: Instance, link: str, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=59))
    check(instance, link)
    clock.advance(timedelta(minutes=1))
    with pytest.raises(TicketExpired):
        check(instance, link)
    with pytest.raises(AlreadyUsed):
        register(instance, link)


def test_a_new_start_gives_a_new_link_and_voids_the_old_one(instance: Instance, link: str) -> None:
    again = issue(instance)
    assert again not in {None, link}
    with pytest.raises(NotFound):
        check(instance, link)


def test_only_a_hash_of_the_link_is_kept(link: str, work: Work) -> None:
    setup = work.db.get_one(Setup, service.SETUP_ID)
    assert setup.secret_hash is not None
    assert link.encode() not in setup.secret_hash


@pytest.mark.parametrize("text", ["", "x" * 43, "x" * 5000])
def test_other_text_is_no_link(instance: Instance, link: str, text: str) -> None:
    with pytest.raises(NotFound):
        check(instance, text)


def test_there_is_no_link_once_it_was_used_even_if_nobody_is_administrator_any_more(
    instance: Instance, link: str
) -> None:
    register(instance, link)
    with instance.work() as work:
        for account in work.db.scalars(select(Account)):
            account.is_admin = False
    assert issue(instance) is None
    with pytest.raises(TicketUsed):
        check(instance, link)


def test_there_is_no_link_while_somebody_is_administrator(people: People) -> None:
    account = people.register("ann")
    with people.instance.work() as work:
        service.find(work, account.id).is_admin = True
        work.db.get_one(Setup, service.SETUP_ID).used_at = None
    assert issue(people.instance) is None


def test_there_is_no_link_where_keys_or_files_are_left_but_the_database_is_empty(
    instance: Instance, work: Work
) -> None:
    assert issue(instance, remains=True) is None
    assert first_admin.standing(work, remains=True) is Standing.DATABASE_LOST
    assert work.db.get(Setup, service.SETUP_ID) is None


def test_files_of_an_instance_that_waits_already_are_no_obstacle(instance: Instance, link: str) -> None:
    assert issue(instance, remains=True) is not None


def test_a_name_that_is_taken_leaves_the_link_unused(people: People) -> None:
    people.register("ann")
    with people.instance.work() as work:
        work.db.get_one(Setup, service.SETUP_ID).used_at = None
    link = issue(people.instance)
    assert link is not None
    with people.instance.work() as work:
        hashed = passwords.hash_password(work, PASSWORD)
        with pytest.raises(UsernameTaken):
            first_admin.register(work, link, username="ANN", email="a@example.org", password_hash=hashed)
    check(people.instance, link)


def test_of_fifty_who_use_the_link_at_once_one_becomes_administrator(instance: Instance, link: str, work: Work) -> None:
    numbers = iter(range(MANY))
    results = at_once(lambda: register(instance, link, f"ann{next(numbers)}"))
    assert results.count(None) == 1
    assert sum(isinstance(result, AlreadyUsed) for result in results) == MANY - 1
    assert len(work.db.scalars(select(Account)).all()) == 1


def test_without_the_condition_all_would_become_administrator(instance: Instance, link: str) -> None:
    """Shows that the race above is one: the check alone, made by all before anybody acts, lets all through."""
    check(instance, link)
    numbers = iter(range(MANY))
    with instance.work() as work:
        hashed = passwords.hash_password(work, PASSWORD)

    def register_blindly() -> None:
        with instance.work() as mine:
            service.register(
                mine, username=f"ann{next(numbers)}", email="a@example.org", password_hash=hashed, as_admin=True
            )

    assert at_once(register_blindly).count(None) == MANY
