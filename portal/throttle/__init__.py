"""Attempts, counted before they are made and refused when there were too many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Instance
from portal.throttle.service import forget_old


def sweep(instance: Instance) -> None:
    """Drop the rows that decide nothing any more."""
    with instance.work() as work:
        forget_old(work)


def includeme(config: Any) -> None:
    """Have old rows swept."""
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=6))
