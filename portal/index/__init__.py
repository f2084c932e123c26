"""What installers and readers see: home, the Simple API, downloads, pages of projects and people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.index.descriptions.service import render_waiting
from portal.index.service import file_uploaded, project_created, project_deleted, render_stale, shelf_changed
from portal.kernel.sweeps import add_sweep
from portal.projects.events import FileUploaded, ProjectCreated
from portal.projects.releases.events import (
    FileDeleted,
    FileRestored,
    FileYanked,
    ProjectDeleted,
    ReleaseDeleted,
    ReleaseRestored,
    ReleaseYanked,
)

RENDERED_EVERY = timedelta(seconds=5)


def includeme(config: Any) -> None:
    """Add the pages, the Simple API, and what keeps its stored pages fresh."""
    config.add_page_route("index.home", "/")
    config.add_page_route("index.project", "/project/{name}/")
    config.add_page_route("index.release", "/project/{name}/{version}/")
    config.add_page_route("index.user", "/user/{name}/")
    config.add_plain_route("index.simple_root", "/simple/")
    config.add_plain_route("index.simple_project", "/simple/{name}/")
    config.add_plain_route("index.file", "/files/{path:.+}")
    config.subscribe_event(FileUploaded, file_uploaded)
    config.subscribe_event(ProjectCreated, project_created)
    for changed in (ReleaseYanked, ReleaseRestored, FileYanked, FileRestored, FileDeleted, ReleaseDeleted):
        config.subscribe_event(changed, shelf_changed)
    config.subscribe_event(ProjectDeleted, project_deleted)
    add_sweep(config.registry.instance, render_stale, every=RENDERED_EVERY)
    add_sweep(config.registry.instance, render_waiting, every=RENDERED_EVERY)
    config.scan(".views")
