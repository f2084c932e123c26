"""Tidying that some package wants done now and then: a list that packages add to and the worker goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal.kernel.work import Instance


@dataclass(frozen=True)
class Sweep:
    """One tidying job; it is done when the worker starts and then after every `every`."""

    job: Callable[[Instance], object]
    every: timedelta


class Sweeps(list[Sweep]):
    """The tidying jobs of an instance, in the order in which packages added them."""


def add_sweep(instance: Instance, job: Callable[[Instance], object], *, every: timedelta) -> None:
    """Have `job(instance)` called now and then, by one process at a time.

    It opens its own units of work, keeps each short, and does no harm when it is interrupted.
    """
    instance.ports.setdefault(Sweeps, Sweeps()).append(Sweep(job, every))
