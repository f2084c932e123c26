"""API tokens: issue once, narrow, list, revoke; the bearer policy of uploads."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the pages."""
    config.add_page_route("tokens.list", "/manage/account/tokens/")
    config.add_page_route("tokens.add", "/manage/account/tokens/add/")
    config.add_page_route("tokens.detail", "/manage/account/tokens/{id}/")
    config.add_page_route("tokens.revoke", "/manage/account/tokens/{id}/revoke/")
    config.scan(".views")
