"""Projects, releases and files; who may do what with them; the file-store port."""

from __future__ import annotations

from typing import Any

from portal.projects.store import DiskStore, FileStore


def includeme(config: Any) -> None:
    """Add the list of one's own projects, and the file store of this instance."""
    instance = config.registry.instance
    instance.ports.setdefault(FileStore, DiskStore(instance.settings.data / "files"))
    config.add_page_route("projects.list", "/manage/projects/")
    config.scan(".views")
