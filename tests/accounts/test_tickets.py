from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.accounts import tickets
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.work import Instance
from tests.accounts.people import People
from tests.support.clock import FixedClock
from tests.support.races import MANY, at_once

LIFE = timedelta(hours=24)


@pytest.fixture
def text(people: People) -> str:
    """The secret of a link that works for 24 hours."""
    account = people.register("ann")
    with people.instance.work() as work:
        return tickets.issue(work, Purpose.RESET_PASSWORD, account.id, None, life=LIFE)


def find(instance: Instance, text: str, purpose: Purpose = Purpose.RESET_PASSWORD) -> Ticket:
    with instance.work() as work:
        return tickets.find(work, purpose, text)


def take(instance: Instance, ticket: Ticket) -> None:
    with instance.work() as work:
        tickets.take(work, ticket)


def test_a_link_holds_256_random_bits_of_which_only_a_hash_is_kept(instance: Instance, text: str) -> None:
    assert len(text) == 43
    assert text.encode() not in find(instance, text).secret_hash


def test_a_link_is_unknown_to_pages_of_another_purpose(instance: Instance, text: str) -> None:
    with pytest.raises(NotFound):
        find(instance, text, Purpose.CONFIRM_ADDRESS)


@pytest.mark.parametrize("other", ["", "x", "x" * 43, "x" * 5000, "ё" * 43])
def test_other_text_is_no_link(instance: Instance, text: str, other: str) -> None:
    with pytest.raises(NotFound):
        find(instance, other)


def test_a_link_works_until_its_time_is_over(instance: Instance, text: str, clock: FixedClock) -> None:
    clock.advance(LIFE - timedelta(seconds=1))
    find(instance, text)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(TicketExpired):
        find(instance, text)


def test_a_link_found_in_time_is_not_taken_after_it(instance: Instance, text: str, clock: FixedClock) -> None:
    ticket = find(instance, text)
    clock.advance(LIFE)
    with pytest.raises(AlreadyUsed):
        take(instance, ticket)


def test_a_link_works_once(instance: Instance, text: str) -> None:
    ticket = find(instance, text)
    take(instance, ticket)
    with pytest.raises(TicketUsed):
        find(instance, text)
    with pytest.raises(AlreadyUsed):
        take(instance, ticket)


def test_of_fifty_who_take_one_link_at_once_one_wins(instance: Instance, text: str) -> None:
    ticket = find(instance, text)
    results = at_once(lambda: take(instance, ticket))
    assert results.count(None) == 1
    assert sum(isinstance(result, AlreadyUsed) for result in results) == MANY - 1


def test_taking_it_without_the_condition_would_let_all_win(instance: Instance, text: str) -> None:
    """Shows that the race above is one."""
    ticket = find(instance, text)

    def take_blindly() -> None:
        with instance.work() as work:
            taken = work.db.execute(update(Ticket).where(Ticket.id == ticket.id).values(used_at=work.now))
            if taken.rowcount != 1:  # type: ignore[attr-defined]
                raise AlreadyUsed

    assert at_once(take_blindly).count(None) == MANY


def test_old_links_are_swept_a_month_after_their_time(instance: Instance, text: str, clock: FixedClock) -> None:
    def count() -> int | None:
        with instance.work() as work:
            tickets.forget_old(work)
            return work.db.scalar(select(func.count()).select_from(Ticket).where(Ticket.purpose == "reset-password"))

    clock.advance(LIFE + timedelta(days=29))
    assert count() == 1
    clock.advance(timedelta(days=2))
    assert count() == 0
