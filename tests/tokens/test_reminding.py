"""Owners hear of a token's end 30 days before and 7 days before, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.sweeps import Sweeps
from portal.kernel.work import Instance
from portal.tokens import reminding, replacing, service
from portal.tokens.models import Token
from tests.support.clock import NOON, FixedClock
from tests.support.races import at_once
from tests.tokens.made import issued

DAY = timedelta(days=1)


def told(instance: Instance) -> list[int]:
    """The days that were told of, in their order."""
    with instance.work() as work:
        return [
            facts["days"]
            for facts in work.db.scalars(select(Entry.facts).where(Entry.kind == "token.ends_soon").order_by(Entry.id))
        ]


@pytest.mark.parametrize(("days", "expected"), [(365, [30, 7]), (31, [30, 7]), (30, [7]), (8, [7]), (7, []), (1, [])])
def test_a_token_is_told_of_twice_unless_it_was_made_for_no_longer(
    instance: Instance, clock: FixedClock, days: int, expected: list[int]
) -> None:
    issued(instance, expires_at=NOON + days * DAY)
    for _ in range(days + 2):
        reminding.sweep(instance)
        reminding.sweep(instance)
        clock.advance(DAY)
    assert told(instance) == expected


def test_a_sweep_that_comes_late_tells_only_the_nearer_end(instance: Instance, clock: FixedClock) -> None:
    issued(instance, expires_at=NOON + 90 * DAY)
    clock.advance(85 * DAY)
    reminding.sweep(instance)
    assert told(instance) == [7]


def test_tokens_without_an_end_ended_ones_and_replaced_ones_are_left_alone(
    instance: Instance, clock: FixedClock
) -> None:
    owner = issued(instance, name="for ever").token.account_id
    with instance.work() as work:
        for name in ("revoked", "replaced"):
            made = service.create(work, owner, name=name, projects=None, expires_at=NOON + 90 * DAY).token
            service.revoke(work, owner, made.id) if name == "revoked" else None
        replacing.replace(work, owner, made.id, hours=72)
        work.db.get_one(Token, made.id).expires_at = NOON + 89 * DAY
    clock.advance(88 * DAY)
    reminding.sweep(instance)
    assert told(instance) == [7]


def test_of_many_sweeps_at_once_one_tells(instance: Instance, clock: FixedClock) -> None:
    token = issued(instance, expires_at=NOON + 90 * DAY).token
    clock.advance(85 * DAY)

    def remind() -> str:
        with instance.work() as work:
            reminding.remind(work, token.id, 7)
        return "done"

    assert set(at_once(remind, 10)) == {"done"}
    assert told(instance) == [7]


def test_the_worker_calls_the_sweep(instance: Instance) -> None:
    assert reminding.sweep in {sweep.job for sweep in instance.ports[Sweeps]}
