"""Sealed values that work once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.kernel.errors import AlreadyUsed
from portal.kernel.once import Used, forget_used, seal_once, take_once
from portal.kernel.vault import Unsealable
from portal.kernel.work import Instance, Work
from tests.support.clock import FixedClock

LIFE = timedelta(minutes=10)
AT_ONCE = 20


def take(work: Work, sealed: str) -> dict[str, Any]:
    return take_once(work, sealed, purpose="test", life=LIFE)


def test_a_sealed_value_gives_its_facts_once_and_is_refused_the_second_time(work: Work) -> None:
    sealed = seal_once(work, {"account": "ada"}, purpose="test", life=LIFE)

    assert take(work, sealed) == {"account": "ada"}
    with pytest.raises(AlreadyUsed):
        take(work, sealed)


def test_what_was_taken_in_a_transaction_that_is_rolled_back_can_be_taken_again(work: Work) -> None:
    sealed = seal_once(work, {}, purpose="test", life=LIFE)
    take(work, sealed)
    work.db.rollback()

    assert take(work, sealed) == {}


def test_two_values_with_the_same_facts_are_used_up_apart(work: Work) -> None:
    one, other = (seal_once(work, {"a": 1}, purpose="test", life=LIFE) for _ in range(2))
    take(work, one)

    assert take(work, other) == {"a": 1}


def test_a_value_is_refused_for_another_purpose_and_after_its_time(work: Work) -> None:
    sealed = seal_once(work, {}, purpose="test", life=LIFE)

    with pytest.raises(Unsealable):
        take_once(work, sealed, purpose="other", life=LIFE)
    with pytest.raises(Unsealable):
        take(replace(work, now=work.now + LIFE), sealed)


def test_of_many_takers_at_the_same_instant_one_wins(instance: Instance) -> None:
    with instance.work() as work:
        sealed = seal_once(work, {}, purpose="test", life=LIFE)

    def try_it(_number: int) -> bool:
        try:
            with instance.work() as work:
                take(work, sealed)
        except AlreadyUsed:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(try_it, range(AT_ONCE))) == 1


def test_ids_are_kept_as_long_as_their_value_could_be_taken(instance: Instance, clock: FixedClock) -> None:
    def kept() -> int | None:
        with instance.work() as work:
            forget_used(work)
            return work.db.scalar(select(func.count()).select_from(Used))

    with instance.work() as work:
        take(work, seal_once(work, {}, purpose="test", life=LIFE))
    assert kept() == 1
    clock.advance(LIFE + timedelta(seconds=1))
    assert kept() == 0
