"""The worker: one process at a time, woken by a commit, not stopped by a failure."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.kernel.ids import new_id
from portal.kernel.sweeps import Sweep, Sweeps
from portal.kernel.work import Instance
from portal.notices import lease, service, worker
from portal.notices.port import Link
from portal.notices.service import Bell
from portal.notices.worker import LEASE, Worker
from tests.notices.conftest import Postbox
from tests.support.clock import FixedClock


def write(instance: Instance) -> None:
    with instance.work() as work:
        values = {"username": "ada", "other": "countess", "sign_in": Link("http://localhost/account/login/")}
        template = "address_already_registered"
        service.write(work, template, "ada@example.org", values, language="en", account_id=None)


def job(call: Callable[[], object], every: timedelta = timedelta(hours=1)) -> Sweep:
    return Sweep(lambda _instance: call(), every)


def test_of_two_workers_one_works_until_it_stops(instance: Instance, postbox: Postbox) -> None:
    first, second = Worker(instance), Worker(instance)
    assert first.round()
    assert not second.round()
    first.release()
    assert second.round()
    assert not Worker(instance).round()


def test_a_worker_takes_over_from_one_that_died(instance: Instance, postbox: Postbox, clock: FixedClock) -> None:
    dead, heir = Worker(instance), Worker(instance)
    assert dead.round()
    clock.advance(LEASE - timedelta(seconds=1))
    assert not heir.round()
    clock.advance(timedelta(seconds=1))
    assert heir.round()
    assert not dead.round()


def test_a_working_worker_keeps_its_lease(instance: Instance, postbox: Postbox, clock: FixedClock) -> None:
    first, second = Worker(instance), Worker(instance)
    for _round in range(10):
        assert first.round()
        clock.advance(LEASE / 3)
        assert not second.round()


def test_of_twenty_who_want_a_new_lease_at_once_one_gets_it(instance: Instance) -> None:
    barrier = threading.Barrier(20)
    got: list[bool] = []

    def take() -> None:
        barrier.wait()
        with instance.work() as work:
            got.append(lease.acquire(work, "race", new_id(), LEASE))

    threads = [threading.Thread(target=take) for _taker in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 19 + [True]


def test_sweeps_run_at_the_start_and_again_when_their_time_has_come(
    instance: Instance, postbox: Postbox, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []
    often = job(lambda: runs.append("often"), timedelta(minutes=10))
    daily = job(lambda: runs.append("daily"), timedelta(days=1))
    monkeypatch.setitem(instance.ports, Sweeps, Sweeps([often, daily]))
    found = Worker(instance)
    found.round()
    clock.advance(timedelta(minutes=10))
    found.round()
    assert runs == ["often", "daily", "often"]


def test_a_sweep_that_fails_keeps_neither_letters_nor_other_sweeps(
    instance: Instance, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("disk full")

    runs: list[str] = []
    monkeypatch.setitem(instance.ports, Sweeps, Sweeps([job(fail), job(lambda: runs.append("second"))]))
    write(instance)
    Worker(instance).round()
    assert runs == ["second"]
    assert len(postbox.messages) == 1
    assert "sweep" in caplog.text


def test_a_commit_wakes_the_worker_and_stop_ends_its_thread(
    instance: Instance, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the bell the next round would be an hour away: that the letter arrives shows that it rang.
    monkeypatch.setattr(worker, "ROUND_SECONDS", 3600.0)
    arrived = threading.Event()
    idle = threading.Event()
    send = postbox.send
    monkeypatch.setattr(postbox, "send", lambda message: (send(message), arrived.set()))
    bell = Bell()
    wait = bell.wait
    monkeypatch.setattr(bell, "wait", lambda seconds: (idle.set(), wait(seconds)))
    monkeypatch.setitem(instance.ports, Bell, bell)
    monkeypatch.setitem(instance.ports, Sweeps, Sweeps())
    stop = worker.start(instance)
    try:
        assert idle.wait(30)
        write(instance)
        assert arrived.wait(30)
    finally:
        stop()
    assert "doorward-worker" not in [thread.name for thread in threading.enumerate()]
    assert Worker(instance).round()
