"""My projects; the overview and the security history of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.audit.events import about, tell
from portal.audit.models import Entry
from portal.audit.service import project_history
from portal.audit.views import key_asked
from portal.kernel.words import TranslationString
from portal.projects import listing
from portal.projects.forms import FindForm
from portal.projects.members import invitations
from portal.projects.members import service as people
from portal.projects.models import OWNER, Project
from portal.projects.service import shown, takes_files
from portal.projects.views.common import ProjectView
from portal.web.options import PageView, page

UPLOAD_PATH = "/legacy/"
PLACE_DIGITS = 6


@dataclass(frozen=True)
class Row:
    """One project as the list shows it."""

    name: str
    normalized: str
    owner: bool
    shown: bool
    status: str
    takes_files: bool


@page("projects.list")
class List(PageView):
    """The projects in which I have a role, in pages, how to upload to them, and invitations to others."""

    def __call__(self) -> dict[str, Any]:
        """One row a project, by name; all of them, or those with a text in their name."""
        account_id, form = self.request.person.account_id, FindForm(self.request.GET)
        text = (form.find.data or "") if form.validate() else ""
        found = listing.listed(self.work, account_id, text=text, start=place_asked(self.request))
        public = shown(self.work, [project for project, _role in found.rows])
        return {
            "rows": [self.row(project, role, shown=project.id in public) for project, role in found.rows],
            "found": found,
            "form": form,
            "before": self.address(text, found.before),
            "following": self.address(text, found.following),
            "invitations": invitations.of_account(self.work, account_id),
            "upload_url": self.request.instance.settings.base_url + UPLOAD_PATH,
        }

    def row(self, project: Project, role: str, *, shown: bool) -> Row:
        """The row of one project."""
        takes = takes_files(self.work, project)
        return Row(project.name, project.normalized, role == OWNER, shown, project.status, takes)

    def address(self, text: str, start: int | None) -> str | None:
        """This list from a place on; None for no place."""
        if start is None:
            return None
        asked = ({"find": text} if text else {}) | ({"from": start} if start else {})
        path: str = self.request.page_path("projects.list", **({"_query": asked} if asked else {}))
        return path


def place_asked(request: Any) -> int:
    """Where the list shall begin; anything but a number is the beginning."""
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= PLACE_DIGITS else 0


@page("projects.overview")
class Overview(ProjectView):
    """Where the things of one project are managed."""

    def __call__(self) -> dict[str, Any]:
        """The project, whether it is mine to manage, and whether it has a page for everybody."""
        super().__call__()
        project = self.here.project
        public = bool(shown(self.work, [project]))
        return {
            "project": project,
            "owner": self.here.owner,
            "shown": public,
            "takes_files": takes_files(self.work, project),
        }


@dataclass(frozen=True)
class Happened:
    """One line of the history: whom it is about (None: no person), and who did it (None: nobody who is signed in).

    Both are empty for an account that is no more.
    """

    at: datetime
    sentence: TranslationString
    username: str | None
    by: str | None


def happened(entry: Entry, names: Mapping[UUID | None, str]) -> Happened:
    """One event as owners of the project see it."""
    whom = about(entry.kind, entry.facts) or None if entry.account_id is None else names[entry.account_id]
    by = None if entry.actor_id is None else names[entry.actor_id]
    return Happened(entry.at, tell(entry.kind, entry.facts, to_project=True), whom, by)


@page("projects.history")
class History(ProjectView):
    """Everything that happened to the project, newest first. From where others came is not theirs to see."""

    for_owners = True

    def __call__(self) -> dict[str, Any]:
        """The rows of one page, and the key of the next."""
        super().__call__()
        before = key_asked(self.request)
        found = project_history(self.work, self.here.project.id, before=before)
        concerned = {one for entry in found.entries for one in (entry.account_id, entry.actor_id)}
        names = people.usernames(self.work, concerned)
        rows = [happened(entry, names) for entry in found.entries]
        return {"project": self.here.project, "rows": rows, "older": found.older, "newest": before is None}
