"""The append-only record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from portal.audit import sweep
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.service import KEPT_FOR_NOBODY, PAGE_SIZE, Record, account_history
from portal.kernel.sweeps import Sweep, Sweeps
from portal.kernel.work import Instance, Work
from tests.support.clock import FixedClock
from tests.support.events import BookLent
from tests.support.instances import READER

ADA, GRACE = uuid4(), uuid4()


def lent(number: int = 1, account_id: UUID = ADA) -> BookLent:
    return BookLent(title=f"Volume {number}", account_id=account_id, ticket="s3cret")


@pytest.fixture
def record(instance: Instance) -> Record:
    """A recorder without the product's own subscribers."""
    return Record()


@pytest.fixture
def recording(instance: Instance, record: Record) -> Instance:
    """The instance with that recorder."""
    return replace(instance, recorder=record)


def entries(instance: Instance) -> list[Entry]:
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(Entry).order_by(Entry.id)))


def test_an_event_is_kept_with_its_time_its_facts_and_where_it_came_from(recording: Instance) -> None:
    with recording.work(replace(READER, account_id=GRACE)) as work:
        work.record(lent())

    (entry,) = entries(recording)
    assert (entry.kind, entry.facts, entry.at) == ("test.book.lent", lent().facts(), recording.clock.now())
    assert (entry.account_id, entry.actor_id) == (ADA, GRACE)
    assert (entry.address, entry.browser) == (READER.address, READER.browser)


def test_subscribers_see_the_whole_event_in_its_transaction_and_in_their_order(
    recording: Instance, record: Record
) -> None:
    seen: list[str] = []
    for name in ("first", "second"):
        record.subscribe(BookLent, lambda work, event, name=name: seen.append(f"{name} {event.ticket}"))
    record.subscribe(Event, lambda work, event: seen.append(f"all {work.db.in_transaction()}"))

    with recording.work() as work:
        work.record(lent())
    assert seen == ["first s3cret", "second s3cret", "all True"]


def test_a_subscriber_that_fails_takes_the_event_back(recording: Instance, record: Record) -> None:
    def refuse(_work: Work, _event: Event) -> None:
        raise LookupError

    record.subscribe(BookLent, refuse)
    with pytest.raises(LookupError), recording.work() as work:
        work.record(lent())

    assert entries(recording) == []


def test_the_history_of_an_account_holds_its_own_events_newest_first(recording: Instance, clock: FixedClock) -> None:
    with recording.work() as work:
        for number in (1, 2):
            work.record(lent(number))
            work.record(lent(9, GRACE))
    clock.advance(timedelta(-1))
    with recording.work() as work:
        work.record(lent(3))
        page = account_history(work, ADA)

    # By key and not by time: a clock that was put back hides nothing.
    assert [entry.facts["title"] for entry in page.entries] == ["Volume 3", "Volume 2", "Volume 1"]
    assert page.older is None


def test_long_histories_are_read_page_by_page_and_stay_in_place_when_something_new_happens(recording: Instance) -> None:
    with recording.work() as work:
        for number in range(PAGE_SIZE * 2 + 1):
            work.record(lent(number))
        first = account_history(work, ADA)
        work.record(lent(99))
        second = account_history(work, ADA, before=first.older)
        third = account_history(work, ADA, before=second.older)

    titles = [entry.facts["title"] for page in (first, second, third) for entry in page.entries]
    assert titles == [f"Volume {number}" for number in reversed(range(PAGE_SIZE * 2 + 1))]
    assert third.older is None


def test_a_page_that_is_just_full_names_no_older_one(recording: Instance) -> None:
    with recording.work() as work:
        for number in range(PAGE_SIZE):
            work.record(lent(number))
        assert account_history(work, ADA).older is None


def test_what_stands_in_nobody_s_history_is_kept_for_a_month(recording: Instance, clock: FixedClock) -> None:
    with recording.work(READER) as work:
        work.record(BookLent(title="Nobody's", ticket=""))
        work.record(BookLent(title="Ada's", ticket="", account_id=ADA))
        work.record(BookLent(title="The library's", ticket="", project_id=GRACE))
    for age, titles in (
        (KEPT_FOR_NOBODY - timedelta(seconds=1), ["Nobody's", "Ada's", "The library's"]),
        (timedelta(seconds=1), ["Ada's", "The library's"]),
    ):
        clock.advance(age)
        sweep(recording)
        assert [entry.facts["title"] for entry in entries(recording)] == titles


def test_the_worker_looks_for_that_every_hour(instance: Instance) -> None:
    assert Sweep(sweep, timedelta(hours=1)) in instance.ports[Sweeps]
