"""Pages that read several domains: the overview of an account."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the pages."""
    config.add_page_route("desk.overview", "/manage/account/")
    config.add_page_route("desk.not_me", "/account/not-me/{ticket}/")
    config.scan(".views")
