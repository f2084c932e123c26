"""The overview of an account."""

from __future__ import annotations

from typing import Any

from portal.accounts import service as accounts
from portal.desk.steps import steps
from portal.projects import listing as projects
from portal.web.options import PageView, page


@page("desk.overview")
class Overview(PageView):
    """What is next, and what there is."""

    def __call__(self) -> dict[str, Any]:
        """The steps; `current` is the first that is not done, None when all are."""
        account_id = self.request.person.account_id
        found = steps(self.work, account_id)
        addresses = accounts.addresses(self.work, account_id)
        return {
            "username": self.request.person.username,
            "email": self.request.show_email(addresses[0].email) if addresses else "",
            "steps": found,
            "current": next((step for step in found if not step.done), None),
            "projects": projects.last_changed(self.work, account_id),
            "held": projects.count(self.work, account_id),
        }
