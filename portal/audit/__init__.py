"""What happened: the event base class, the append-only record, the security history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.audit.service import forget_nobodys
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Instance


def sweep(instance: Instance) -> None:
    """Drop what stands in nobody's history and is old."""
    with instance.work() as work:
        forget_nobodys(work)


def includeme(config: Any) -> None:
    """Add the history page and the sweep."""
    config.add_page_route("audit.history", "/manage/account/history/")
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=1))
    config.scan(".views")
