"""One unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.kernel.once import Used
from portal.kernel.work import Actor, Instance, TransactionOpen, Work
from tests.support.clock import NOON, FixedClock


def keep(work: Work, name: str) -> None:
    """Write something down."""
    work.db.add(Used(id=name, until=NOON))
    work.db.flush()


def kept(instance: Instance) -> set[str]:
    """What has been committed."""
    with instance.work(write=False) as work:
        return set(work.db.scalars(select(Used.id)))


class Failure(Exception):
    """What goes wrong in these tests."""


@contextmanager
def failing_work(instance: Instance) -> Iterator[Work]:
    """A unit of work that fails at its end."""
    with suppress(Failure), instance.work() as work:
        yield work
        raise Failure


def test_work_is_kept_when_it_ends_and_lost_when_it_fails(instance: Instance) -> None:
    with instance.work() as work:
        keep(work, "kept")
    with failing_work(instance) as work:
        keep(work, "lost")

    assert kept(instance) == {"kept"}


def test_settling_keeps_what_was_done_so_far(instance: Instance) -> None:
    with failing_work(instance) as work:
        keep(work, "before")
        work.settle()
        keep(work, "after")

    assert kept(instance) == {"before"}


def test_slow_work_is_refused_while_a_transaction_is_open(work: Work) -> None:
    work.require_settled()
    work.db.execute(text("SELECT 1"))

    with pytest.raises(TransactionOpen):
        work.require_settled()
    work.settle()
    work.require_settled()


def test_work_done_apart_stays_whatever_becomes_of_the_rest(instance: Instance) -> None:
    with failing_work(instance) as work:
        with work.apart() as other:
            keep(other, "apart")
        keep(work, "lost")

    assert kept(instance) == {"apart"}


def test_work_apart_has_the_same_actor_and_the_same_time(instance: Instance, clock: FixedClock) -> None:
    opened = instance.open(Actor(username="ada"))
    clock.advance(timedelta(minutes=1))

    with opened.apart() as other:
        assert (other.now, other.actor.username) == (NOON, "ada")
    opened.db.close()


def test_work_apart_is_refused_inside_a_transaction(work: Work) -> None:
    keep(work, "open")

    with pytest.raises(TransactionOpen), work.apart():
        pass


def test_acting_as_somebody_else_keeps_transaction_and_time(work: Work) -> None:
    other = work.acting_as(replace(work.actor, username="grace"))

    assert (other.db, other.now, other.actor.username) == (work.db, work.now, "grace")
    assert work.actor.username == ""


def test_a_port_that_nobody_filled_is_a_defect_and_says_so(work: Work) -> None:
    class Printer:
        pass

    with pytest.raises(KeyError):
        work.port(Printer)
