"""What administrators do for people and with projects. They need cookies: no handle or language stands before it."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the routes."""
    config.add_plain_route("admin.users", "/admin/users/")
    config.add_plain_route("admin.recover", "/admin/users/{name}/recover/")
    config.add_plain_route("admin.projects", "/admin/projects/")
    config.add_plain_route("admin.quarantine", "/admin/projects/{name}/quarantine/")
    config.add_plain_route("admin.release", "/admin/projects/{name}/release/")
    config.scan(".views")
    config.scan(".projects.views")
