"""What is written down now and dealt with by the worker."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.models import PendingReset
from portal.kernel.deferred import deal_with_all, defer
from portal.kernel.work import Actor, Instance, Work
from tests.support.races import at_once

ASKER = Actor(address="198.51.100.9", browser="Lynx", locale="en")


class Killed(BaseException):
    """The process dies."""


@pytest.fixture(autouse=True)
def asked(instance: Instance) -> None:
    """One thing that is to be dealt with."""
    with instance.work(ASKER) as work:
        defer(work, PendingReset, login="ada")


def waiting(instance: Instance) -> int:
    with instance.work(write=False) as work:
        return work.db.scalar(select(func.count()).select_from(PendingReset)) or 0


def test_it_is_dealt_with_once_as_whoever_asked(instance: Instance) -> None:
    seen: list[tuple[Actor, str]] = []

    def act(work: Work, *, login: str) -> bool:
        seen.append((work.actor, login))
        return True

    assert sum(at_once(lambda: deal_with_all(instance, PendingReset, act), 10)) == 1
    assert seen == [(ASKER, "ada")]
    assert waiting(instance) == 0


def test_a_worker_that_dies_in_between_leaves_it_to_the_next(instance: Instance) -> None:
    def die(_work: Work, **_facts: Any) -> bool:
        raise Killed

    with pytest.raises(Killed):
        deal_with_all(instance, PendingReset, die)
    assert waiting(instance) == 1


def test_what_fails_is_told_and_keeps_nobody_waiting(instance: Instance) -> None:
    def fail(_work: Work, **_facts: Any) -> bool:
        raise LookupError("nobody there")

    with pytest.raises(LookupError, match="nobody there"):
        deal_with_all(instance, PendingReset, fail)
    assert waiting(instance) == 0
