from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from portal.kernel.errors import Throttled
from portal.kernel.work import Instance, TransactionOpen, Work
from portal.throttle import service as throttle
from portal.throttle.models import Attempts
from portal.throttle.service import Bucket, Exhausted, Kind
from tests.support.clock import NOON, FixedClock

ANN = Bucket(Kind.STRANGER, "ann password")
BEA = Bucket(Kind.STRANGER, "bea password")
NETWORK = Bucket(Kind.NETWORK, "192.0.2.7")
LETTER = Bucket(Kind.LETTER, "ann")


def try_once(instance: Instance, *buckets: Bucket) -> None:
    """One attempt that fails, now."""
    work = instance.open()
    try:
        throttle.reserve(work, buckets)
    finally:
        work.db.close()


def try_often(instance: Instance, times: int, *buckets: Bucket) -> None:
    for _attempt in range(times):
        try_once(instance, *buckets)


def refusal(instance: Instance, *buckets: Bucket) -> Throttled:
    with pytest.raises(Throttled) as refused:
        try_once(instance, *buckets)
    return refused.value


def succeed(instance: Instance, *buckets: Bucket) -> None:
    with instance.work() as work:
        throttle.succeed(work, buckets)


def test_ten_attempts_are_free_and_the_eleventh_waits_thirty_seconds(instance: Instance) -> None:
    try_often(instance, 10, ANN)
    assert refusal(instance, ANN).until == NOON + timedelta(seconds=30)


def test_each_further_attempt_doubles_the_wait_up_to_an_hour(instance: Instance, clock: FixedClock) -> None:
    try_often(instance, 10, ANN)
    waits = []
    for _attempt in range(9):
        until = refusal(instance, ANN).until
        assert until is not None
        waits.append((until - clock.now()).total_seconds())
        clock.at = until
        try_once(instance, ANN)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_refused_attempt_does_not_prolong_the_wait(instance: Instance, clock: FixedClock) -> None:
    try_often(instance, 10, ANN)
    until = refusal(instance, ANN).until
    clock.advance(timedelta(seconds=29))
    assert refusal(instance, ANN).until == until


def test_after_a_hundred_attempts_that_way_in_is_closed_however_long_one_waits(
    instance: Instance, clock: FixedClock
) -> None:
    for _attempt in range(100):
        try_once(instance, ANN)
        clock.advance(timedelta(hours=1))
    clock.advance(timedelta(days=300))
    refused = refusal(instance, ANN)
    assert isinstance(refused, Exhausted)
    assert refused.until is None


def test_a_closed_way_in_opens_again_when_it_is_lifted(instance: Instance, clock: FixedClock) -> None:
    for _attempt in range(100):
        try_once(instance, ANN)
        clock.advance(timedelta(hours=1))
    with instance.work() as work:
        throttle.lift(work, [ANN])
    try_often(instance, 10, ANN)


def test_success_makes_the_waits_begin_anew(instance: Instance) -> None:
    try_often(instance, 10, ANN)
    succeed(instance, ANN)
    try_often(instance, 10, ANN)
    refusal(instance, ANN)


def test_one_person_waiting_does_not_make_another_wait(instance: Instance) -> None:
    try_often(instance, 10, ANN)
    try_once(instance, BEA)


def test_an_attempt_that_one_bucket_refuses_is_counted_in_none(instance: Instance) -> None:
    try_often(instance, 10, ANN)
    for _attempt in range(20):
        refusal(instance, ANN, BEA)
    try_often(instance, 10, BEA)


def test_three_letters_go_out_in_six_hours_and_then_three_more(instance: Instance, clock: FixedClock) -> None:
    try_once(instance, LETTER)
    clock.advance(timedelta(hours=1))
    try_often(instance, 2, LETTER)
    assert refusal(instance, LETTER).until == NOON + timedelta(hours=6)
    clock.at = NOON + timedelta(hours=6)
    try_often(instance, 3, LETTER)
    refusal(instance, LETTER)


def test_a_network_has_thirty_times_the_allowance_of_an_account(instance: Instance) -> None:
    try_often(instance, 300, NETWORK)
    assert refusal(instance, NETWORK).until == NOON + timedelta(hours=1)


def test_success_gives_a_network_one_attempt_back_and_no_more(instance: Instance) -> None:
    try_often(instance, 300, NETWORK)
    succeed(instance, NETWORK)
    try_once(instance, NETWORK)
    refusal(instance, NETWORK)


def test_what_counts_work_gives_nothing_back_for_success(instance: Instance) -> None:
    lists = Bucket(Kind.CODE_LIST, "ann")
    for _ in range(30):
        try_once(instance, lists)
        succeed(instance, lists)
    assert refusal(instance, lists).until == NOON + timedelta(hours=1)


def test_the_free_attempts_are_those_of_the_settings(instance: Instance) -> None:
    generous = replace(instance, settings=replace(instance.settings, throttle_free=12))
    try_often(generous, 12, ANN)
    refusal(generous, ANN)


def test_what_is_spent_in_the_caller_s_transaction_counts_with_it(instance: Instance, work: Work) -> None:
    daily = Bucket(Kind.CLOSED, "ann")
    assert throttle.spend(work, daily)
    work.db.rollback()
    assert throttle.spend(work, daily)
    assert not throttle.spend(work, daily)
    work.settle()
    assert refusal(instance, daily).until == NOON + timedelta(days=1)


def test_waits_have_begun_once_the_free_attempts_are_over(instance: Instance) -> None:
    def waits(*buckets: Bucket) -> bool:
        with instance.work(write=False) as work:
            return throttle.has_begun_to_wait(work, buckets)

    try_often(instance, 9, ANN)
    assert not waits(ANN, BEA)
    try_once(instance, ANN)
    assert waits(ANN, BEA)
    assert not waits(BEA)


def test_neither_names_nor_networks_can_be_read_from_the_rows(instance: Instance, work: Work) -> None:
    try_once(instance, ANN, NETWORK)
    keys = set(work.db.scalars(select(Attempts.key)))
    guesses = {sha256(f"{bucket.kind}\0{bucket.subject}".encode()).hexdigest() for bucket in (ANN, NETWORK)}
    assert len(keys) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    assert not keys & guesses


def test_an_attempt_stays_counted_when_the_caller_is_rolled_back(instance: Instance, work: Work) -> None:
    throttle.reserve(work, [ANN])
    work.db.rollback()
    assert work.db.scalars(select(Attempts.made)).all() == [1]


def test_a_caller_inside_a_transaction_is_told_of_its_mistake(work: Work) -> None:
    work.db.execute(text("SELECT 1"))
    with pytest.raises(TransactionOpen):
        throttle.reserve(work, [ANN])


def test_an_error_of_the_database_refuses_the_attempt(instance: Instance) -> None:
    with instance.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE attempts RENAME TO attempts_away"))
    try:
        assert refusal(instance, ANN).until == NOON + timedelta(seconds=30)
    finally:
        with instance.database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE attempts_away RENAME TO attempts"))


def test_sweeping_keeps_what_still_decides(instance: Instance, clock: FixedClock) -> None:
    try_often(instance, 10, ANN)
    try_once(instance, BEA, LETTER, NETWORK)
    succeed(instance, BEA)
    clock.advance(timedelta(days=2))
    with instance.work() as sweeping:
        throttle.forget_old(sweeping)
        assert sweeping.db.scalars(select(Attempts.kind)).all() == [Kind.STRANGER]
    try_once(instance, ANN)
    assert refusal(instance, ANN).until == clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2ff:1::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:200::9", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:443", "192.0.2.7"),
        ("[2001:db8:1:200::9]:443", "2001:db8:1:200::/56"),
        ("[::ffff:192.0.2.7]", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("unknown", ""),
        ("192.0.2.7:x", ""),
        ("1" * 5000, ""),
    ],
)
def test_an_ipv6_network_counts_as_one_and_an_ipv4_address_by_itself(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_the_attempt_that_closes_a_bucket_knows_it(instance: Instance, clock: FixedClock) -> None:
    closing = []
    for attempt in range(1, 101):
        with instance.work() as work:
            work.db.close()
            if throttle.reserve(work, [ANN, NETWORK]) == [ANN]:
                closing.append(attempt)
        clock.advance(timedelta(hours=1, seconds=1))
    assert closing == [10, 100]


@pytest.mark.parametrize("bucket", [ANN, NETWORK, LETTER], ids=["account", "network", "letter"])
def test_a_free_attempt_that_began_before_another_and_is_counted_behind_it_waits_for_nothing(
    instance: Instance, clock: FixedClock, bucket: Bucket
) -> None:
    earlier = instance.open()
    clock.advance(timedelta(seconds=1))
    try_once(instance, bucket)
    throttle.reserve(earlier, [bucket])
    earlier.db.close()
