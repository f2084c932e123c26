"""The list of tidying jobs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.kernel.sweeps import Sweep, Sweeps, add_sweep
from portal.kernel.work import Instance

HOUR = timedelta(hours=1)


def test_jobs_are_kept_in_the_order_in_which_they_were_added(instance: Instance) -> None:
    mine = replace(instance, ports={})
    jobs = [lambda _instance: None, lambda _instance: None]
    for job in jobs:
        add_sweep(mine, job, every=HOUR)

    assert mine.ports[Sweeps] == [Sweep(job, HOUR) for job in jobs]
