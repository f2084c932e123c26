"""The worker's part of a forgotten password: who is meant, and whether a letter goes out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import addresses, resets, service
from portal.accounts.events import ResetRequested
from portal.accounts.models import Address, PendingReset
from portal.kernel.ids import new_id
from portal.kernel.sweeps import Sweep, Sweeps
from portal.kernel.work import Actor, Instance, Work
from tests.accounts.people import Happened
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person
from tests.support.races import at_once

ASKER = Actor(address="198.51.100.9", browser="Lynx")


def ask(instance: Instance, login: str) -> int:
    with instance.work(ASKER) as work:
        resets.ask(work, login)
    return resets.answer_all(instance)


def add_confirmed(instance: Instance, person: Someone, email: str) -> None:
    with instance.work() as work:
        row = service.insert_address(work, person.account_id, email, primary=False)
        row.confirmed_at = work.now


@pytest.mark.parametrize(
    ("login", "email"),
    [
        ("ada", "ada@example.org"),
        ("ADA", "ada@example.org"),
        ("Ada@Example.org", "ada@example.org"),
        ("second@example.org", "second@example.org"),
    ],
)
def test_the_letter_goes_to_the_address_that_was_typed_or_to_the_primary_one(
    instance: Instance, happened: Happened, login: str, email: str
) -> None:
    add_confirmed(instance, make_person(instance), "second@example.org")
    assert ask(instance, login) == 1
    [event] = happened
    assert isinstance(event, ResetRequested)
    assert (event.email, len(event.ticket)) == (email, 43)


@pytest.mark.parametrize("login", ["nobody", "nobody@example.org", "unproven@example.org", "bea", "@", "a b"])
def test_nobody_else_gets_a_letter(instance: Instance, happened: Happened, login: str) -> None:
    person = make_person(instance)
    make_person(instance, "bea", confirmed=False)
    with instance.work() as work:
        addresses.add(work, person.account_id, "unproven@example.org")
    happened.clear()
    assert ask(instance, login) == 0
    assert happened == []


def test_the_history_names_the_place_from_which_it_was_asked(instance: Instance, work: Work) -> None:
    make_person(instance)
    seen: list[Actor] = []
    record = instance.recorder
    subscription = (ResetRequested, lambda work, event: seen.append(work.actor))
    record.subscribers.append(subscription)  # type: ignore[attr-defined]
    ask(instance, "ada")
    record.subscribers.remove(subscription)  # type: ignore[attr-defined]
    assert [(actor.address, actor.browser, actor.account_id) for actor in seen] == [("198.51.100.9", "Lynx", None)]


def test_each_request_is_answered_once(instance: Instance, happened: Happened, work: Work) -> None:
    make_person(instance)
    with instance.work(ASKER) as asking:
        resets.ask(asking, "ada")
    assert sum(at_once(lambda: resets.answer_all(instance), 10)) == 1
    assert len(happened) == 1
    assert work.db.scalar(select(func.count()).select_from(PendingReset)) == 0


def test_three_letters_an_hour_are_enough_and_whoever_is_refused_one_has_a_link_that_works(
    instance: Instance, clock: FixedClock
) -> None:
    make_person(instance)
    assert [ask(instance, "ada") for _letter in range(4)] == [1, 1, 1, 0]
    clock.advance(resets.LIFE - timedelta(seconds=1))
    assert ask(instance, "ada@example.org") == 0
    clock.advance(timedelta(seconds=1))
    assert ask(instance, "ada") == 1


def test_what_cannot_be_read_is_dropped_and_keeps_nobody_waiting(instance: Instance, happened: Happened) -> None:
    make_person(instance)
    with instance.work() as work:
        work.db.add(PendingReset(id=new_id(), body=b"nonsense", created_at=work.now - timedelta(days=1)))
    assert ask(instance, "ada") == 1
    with instance.work() as work:
        assert work.db.scalar(select(func.count()).select_from(PendingReset)) == 0


def test_the_worker_answers_in_each_of_its_rounds(instance: Instance) -> None:
    assert Sweep(resets.answer_all, timedelta(0)) in instance.ports[Sweeps]


def test_a_link_dies_with_the_address_that_it_was_sent_to(instance: Instance, happened: Happened) -> None:
    person = make_person(instance)
    add_confirmed(instance, person, "second@example.org")
    ask(instance, "second@example.org")
    with instance.work() as work:
        second = work.db.scalars(select(Address).where(Address.email == "second@example.org")).one()
        addresses.remove(work, person.account_id, second.id)
    with instance.work() as work:
        assert [row.email for row in service.addresses(work, person.account_id)] == ["ada@example.org"]
