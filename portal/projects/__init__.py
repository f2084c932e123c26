"""Projects, releases and files; who may do what with them; the file-store port."""

from __future__ import annotations

from typing import Any

from portal.projects.store import DiskStore, FileStore


def includeme(config: Any) -> None:
    """Add the list of one's own projects, and the file store of this instance."""
    instance = config.registry.instance
    instance.ports.setdefault(FileStore, DiskStore(instance.settings.data / "files"))
    config.add_page_route("projects.list", "/manage/projects/")
    config.add_page_route("projects.releases", "/manage/project/{name}/releases/")
    config.add_page_route("projects.release", "/manage/project/{name}/releases/{version}/")
    config.add_page_route("projects.yank_release", "/manage/project/{name}/releases/{version}/yank/")
    config.add_page_route("projects.delete_release", "/manage/project/{name}/releases/{version}/delete/")
    config.add_page_route("projects.yank_file", "/manage/project/{name}/releases/{version}/files/{filename}/yank/")
    config.add_page_route("projects.delete_file", "/manage/project/{name}/releases/{version}/files/{filename}/delete/")
    config.add_page_route("projects.delete_project", "/manage/project/{name}/delete/")
    config.scan(".views")
    config.scan(".releases.views")
