"""What happened: the event base class, the append-only record, the security history."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the history page."""
    config.add_page_route("audit.history", "/manage/account/history/")
    config.scan(".views")
