"""The pages of projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.projects.models import OWNER
from portal.projects.service import owned
from portal.web.options import PageView, page

UPLOAD_PATH = "/legacy/"


@dataclass(frozen=True)
class Row:
    """One project as the list shows it."""

    name: str
    normalized: str
    owner: bool


@page("projects.list")
class List(PageView):
    """The projects in which I have a role, and how to upload to them."""

    def __call__(self) -> dict[str, Any]:
        """One row a project, by name."""
        found = owned(self.work, self.request.person.account_id)
        rows = [Row(project.name, project.normalized, role == OWNER) for project, role in found]
        return {"rows": rows, "upload_url": self.request.instance.settings.base_url + UPLOAD_PATH}
