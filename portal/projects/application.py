"""What `portal.projects` adds to the application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.kernel.sweeps import add_sweep
from portal.projects.events import MemberLeft
from portal.projects.members import invitations
from portal.projects.members.events import MemberRemoved, RoleLowered
from portal.projects.store import DiskStore, FileStore


def includeme(config: Any) -> None:
    """Add the pages on which projects are managed, and the file store of this instance."""
    instance = config.registry.instance
    instance.ports.setdefault(FileStore, DiskStore(instance.settings.data / "files"))
    config.add_page_route("projects.list", "/manage/projects/")
    config.add_page_route("projects.invitation", "/manage/projects/invitations/{id}/")
    config.add_page_route("projects.overview", "/manage/project/{name}/")
    config.add_page_route("projects.history", "/manage/project/{name}/history/")
    config.add_page_route("projects.leave", "/manage/project/{name}/leave/")
    config.add_page_route("projects.collaborators", "/manage/project/{name}/collaborators/")
    config.add_page_route("projects.invite", "/manage/project/{name}/collaborators/invite/")
    config.add_page_route("projects.withdraw", "/manage/project/{name}/collaborators/invitations/{id}/withdraw/")
    config.add_page_route("projects.change_role", "/manage/project/{name}/collaborators/{user}/role/")
    config.add_page_route("projects.remove_member", "/manage/project/{name}/collaborators/{user}/remove/")
    for event in (MemberRemoved, RoleLowered, MemberLeft):
        config.subscribe_event(event, invitations.withdraw_at_loss)
    add_sweep(instance, invitations.forget_old, every=timedelta(hours=6))
    config.add_page_route("projects.releases", "/manage/project/{name}/releases/")
    config.add_page_route("projects.release", "/manage/project/{name}/releases/{version}/")
    config.add_page_route("projects.yank_release", "/manage/project/{name}/releases/{version}/yank/")
    config.add_page_route("projects.delete_release", "/manage/project/{name}/releases/{version}/delete/")
    config.add_page_route("projects.yank_file", "/manage/project/{name}/releases/{version}/files/{filename}/yank/")
    config.add_page_route("projects.delete_file", "/manage/project/{name}/releases/{version}/files/{filename}/delete/")
    config.add_page_route("projects.status", "/manage/project/{name}/status/")
    config.add_page_route("projects.delete_project", "/manage/project/{name}/delete/")
    config.scan(".views")
    config.scan(".releases.views")
    config.scan(".lifecycle.views")
