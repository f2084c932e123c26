"""What administrators do for people. They need cookies; nothing here works below a handle or a language."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the routes."""
    config.add_plain_route("admin.users", "/admin/users/")
    config.add_plain_route("admin.recover", "/admin/users/{name}/recover/")
    config.scan(".views")
