"""The background thread: it sends letters and calls the sweeps, in one process at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from portal.kernel.ids import new_id
from portal.kernel.sweeps import Sweep, Sweeps
from portal.kernel.work import Instance
from portal.notices import lease
from portal.notices.service import Bell, send_due

TASK = "worker"
LEASE = timedelta(seconds=60)
ROUND_SECONDS = 5.0

log = logging.getLogger("doorward.worker")


@dataclass
class Worker:
    """One process's worker. It does nothing while another process holds the lease."""

    instance: Instance
    bell: Bell = field(default_factory=Bell)
    holder: UUID = field(default_factory=new_id)
    stopping: threading.Event = field(default_factory=threading.Event)
    swept: dict[int, datetime] = field(default_factory=dict)
    ours_until: datetime | None = None

    def run(self) -> None:
        """Go round until told to stop. A round that fails is logged and the next one comes."""
        while not self.stopping.is_set():
            try:
                self.round()
            except Exception as error:
                log.exception("a round failed: %s", type(error).__name__)
            self.bell.wait(ROUND_SECONDS)
        self.release()

    def round(self) -> bool:
        """Send what is due and sweep, if the lease is ours; whether it was."""
        if not self.acquire():
            return False
        send_due(self.instance)
        for place, sweep in enumerate(self.instance.ports.get(Sweeps, ())):
            if not self.stopping.is_set() and self.acquire():
                self.sweep(place, sweep)
        return True

    def sweep(self, place: int, sweep: Sweep) -> None:
        """Call one sweep if its time has come; one that fails does not keep the others."""
        now = self.instance.clock.now()
        if place in self.swept and now < self.swept[place] + sweep.every:
            return
        self.swept[place] = now
        try:
            sweep.job(self.instance)
        except Exception as error:
            log.exception("sweep %s failed: %s", sweep.job.__qualname__, type(error).__name__)

    def acquire(self) -> bool:
        """Take the lease, or renew it once half of it is over; whether it is ours."""
        now = self.instance.clock.now()
        if self.ours_until is not None and now < self.ours_until - LEASE / 2:
            return True
        with self.instance.work() as work:
            ours = lease.acquire(work, TASK, self.holder, LEASE)
        self.ours_until = now + LEASE if ours else None
        return ours

    def release(self) -> None:
        """Let the next process begin at once."""
        try:
            with self.instance.work() as work:
                lease.release(work, TASK, self.holder)
        except Exception as error:
            log.warning("the lease could not be released: %s", type(error).__name__)


def start(instance: Instance) -> Callable[[], None]:
    """Start the worker's thread; call what is returned to stop it after its present round."""
    worker = Worker(instance, instance.ports.setdefault(Bell, Bell()))
    thread = threading.Thread(target=worker.run, name="doorward-worker", daemon=True)
    thread.start()

    def stop() -> None:
        worker.stopping.set()
        worker.bell.ring()
        thread.join(LEASE.total_seconds())

    return stop
