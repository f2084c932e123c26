"""Pages that read several domains: the overview of an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.desk.closing.service import end_all_due
from portal.kernel.sweeps import add_sweep


def includeme(config: Any) -> None:
    """Add the pages, and the sweep that ends closed accounts."""
    config.add_page_route("desk.overview", "/manage/account/")
    config.add_page_route("desk.not_me", "/account/not-me/{ticket}/")
    config.add_page_route("desk.close", "/manage/account/close/")
    config.add_page_route("desk.closed", "/account/closed/")
    config.add_page_route("desk.keep", "/manage/account/keep/")
    add_sweep(config.registry.instance, end_all_due, every=timedelta(minutes=10))
    config.scan(".views")
