"""The status of a project, as its owners mark it."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import TranslationString, _
from portal.projects.lifecycle import service
from portal.projects.lifecycle.forms import StatusForm
from portal.projects.models import ACTIVE, ARCHIVED, DEPRECATED
from portal.projects.views.common import ChangeView
from portal.web.forms import Form
from portal.web.options import page

MARKED: dict[str, TranslationString] = {
    ACTIVE: _("The project is active"),
    DEPRECATED: _("The project is marked as deprecated"),
    ARCHIVED: _("The project is archived"),
}
AS_BEFORE = _("Nothing was changed: the project has this status already")


@page("projects.status", confirm="either")
class Status(ChangeView):
    """Archive the project, mark it as deprecated, or make it active again."""

    form_class = StatusForm

    def blank(self) -> Form:
        """As it is now."""
        project = self.here.project
        return StatusForm(data={"status": project.status, "reason": project.status_reason})

    def show(self, form: Form) -> dict[str, Any]:
        """What it is about."""
        return {"project": self.here.project}

    def submit(self, form: Any) -> HTTPSeeOther:
        """Mark it; who sends the same once more is told that it was so already."""
        status, by = form.status.data, self.here.account_id
        changed = service.mark(self.work, self.here.project, status, form.reason.data, by=by)
        self.request.tell(MARKED[status] if changed else AS_BEFORE)
        return HTTPSeeOther(self.request.page_path("projects.overview", name=self.name))
