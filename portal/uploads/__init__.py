"""The legacy upload API: receive, check, store."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the upload route, and the permanent redirect of the address without a slash."""
    config.add_plain_route("uploads.legacy", "/legacy/")
    config.add_plain_route("uploads.slashless", "/legacy")
    config.scan(".views")
