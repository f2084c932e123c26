"""Short-lived tokens for programs that have user name, password and code; off unless the operator wants it."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the address."""
    config.add_plain_route("tokens.mint", "/_/tokens/mint")
    config.scan(".views")
