"""What installers and readers see: home, the Simple API, downloads, pages of projects and people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.index.descriptions.service import render_waiting
from portal.index.search import service as search
from portal.index.search.port import Search
from portal.index.search.postgresql import PostgresqlSearch
from portal.index.search.sqlite import SqliteSearch
from portal.index.service import (
    file_uploaded,
    people_changed,
    project_created,
    project_deleted,
    render_stale,
    shelf_changed,
    status_changed,
)
from portal.index.views.door import Door, nobody_passes
from portal.index.views.search import searched
from portal.kernel.sweeps import add_sweep
from portal.projects.events import FileUploaded, MemberLeft, ProjectCreated
from portal.projects.lifecycle.events import LIFECYCLE
from portal.projects.members.events import MemberJoined, MemberRemoved, RoleLowered, RoleRaised
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
    config.add_page_route("index.search", "/search/")
    config.add_page_route("index.user", "/user/{name}/")
    config.add_plain_route("index.simple_root", "/simple/")
    config.add_plain_route("index.simple_project", "/simple/{name}/")
    config.add_plain_route("index.project_json", "/pypi/{name}/json{slash:/?}")
    config.add_plain_route("index.release_json", "/pypi/{name}/{version}/json{slash:/?}")
    config.add_plain_route("index.updates_feed", "/rss/updates.xml")
    config.add_plain_route("index.packages_feed", "/rss/packages.xml")
    config.add_plain_route("index.releases_feed", "/rss/project/{name}/releases.xml")
    config.add_plain_route("index.file", "/files/{path:.+}")
    config.subscribe_event(FileUploaded, file_uploaded)
    config.subscribe_event(ProjectCreated, project_created)
    for changed in (ReleaseYanked, ReleaseRestored, FileYanked, FileRestored, FileDeleted, ReleaseDeleted):
        config.subscribe_event(changed, shelf_changed)
    for marked in LIFECYCLE:
        config.subscribe_event(marked, status_changed)
    for new_role in (MemberJoined, MemberLeft, MemberRemoved, RoleLowered, RoleRaised):
        config.subscribe_event(new_role, people_changed)
    config.subscribe_event(ProjectDeleted, project_deleted)
    # On a private instance everybody is asked who they are first.
    private = config.registry.instance.settings.reading == "members"
    config.registry.door = nobody_passes if private else Door(config.registry.instance)
    add_sweep(config.registry.instance, render_stale, every=RENDERED_EVERY)
    config.add_request_method(searched, reify=True)
    database = config.registry.instance.database
    finder: Search = SqliteSearch() if database.is_sqlite else PostgresqlSearch()
    config.registry.instance.ports.setdefault(Search, finder)
    add_sweep(config.registry.instance, search.catch_up, every=RENDERED_EVERY)
    add_sweep(config.registry.instance, render_waiting, every=RENDERED_EVERY)
    config.scan(".views")
