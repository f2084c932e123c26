"""Fifty attempts at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier

import pytest
from sqlalchemy import select, update

from portal.kernel.errors import Throttled
from portal.kernel.work import Instance
from portal.throttle import service as throttle
from portal.throttle.models import Attempts
from portal.throttle.service import Bucket, Kind
from tests.support.races import MANY, at_once

ANN = Bucket(Kind.STRANGER, "ann password")
NETWORK = Bucket(Kind.NETWORK, "192.0.2.7")
LETTER = Bucket(Kind.LETTER, "ann")


def attempt(instance: Instance, *buckets: Bucket) -> Callable[[], None]:
    def once() -> None:
        work = instance.open()
        try:
            throttle.reserve(work, buckets)
        finally:
            work.db.close()

    return once


@pytest.mark.parametrize(("bucket", "allowance"), [(ANN, 10), (LETTER, 3)])
def test_of_fifty_at_once_only_the_allowance_passes(instance: Instance, bucket: Bucket, allowance: int) -> None:
    results = at_once(attempt(instance, NETWORK, bucket))
    assert results.count(None) == allowance
    assert sum(isinstance(result, Throttled) for result in results) == MANY - allowance


def test_fifty_at_once_are_all_counted(instance: Instance) -> None:
    results = at_once(attempt(instance, NETWORK))
    assert results.count(None) == MANY
    with instance.work() as work:
        assert work.db.scalars(select(Attempts.made)).all() == [MANY]


def test_counting_without_the_condition_would_let_all_through(instance: Instance) -> None:
    """Shows that the race above is one: first looking and then writing fails it."""
    attempt(instance, ANN)()
    looked = Barrier(MANY)

    def look_then_write() -> None:
        with instance.work(write=False) as work:
            made = work.db.scalars(select(Attempts.made)).one()
        looked.wait()
        if made >= 10:
            raise Throttled(None)
        with instance.work() as work:
            work.db.execute(update(Attempts).values(made=Attempts.made + 1))

    assert at_once(look_then_write).count(None) == MANY
