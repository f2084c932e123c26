"""The pages of projects."""

from __future__ import annotations

from typing import Any

from portal.projects.service import owned
from portal.web.options import PageView, page


@page("projects.list")
class List(PageView):
    """The projects in which I have a role."""

    def __call__(self) -> dict[str, Any]:
        """Projects with roles, and where an upload tool sends files."""
        return {
            "projects": owned(self.work, self.request.person.account_id),
            "upload_url": self.request.instance.settings.base_url + "/legacy/",
        }
