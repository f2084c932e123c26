"""Finding a project, putting it into quarantine, and releasing it."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.admin.projects.forms import ProjectForm, QuarantineForm
from portal.kernel.words import _
from portal.projects import service as projects
from portal.projects.lifecycle import service
from portal.projects.lifecycle.errors import InQuarantine, NotInQuarantine
from portal.projects.models import QUARANTINED, Project
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("admin.projects", access="admin")
class Projects(FormView):
    """Find a project by its whole name; those in quarantine are listed."""

    form_class = ProjectForm

    def show(self, form: Form) -> dict[str, Any]:
        """What is in quarantine now."""
        return {"quarantined": service.quarantined(self.work)}

    def submit(self, form: Any) -> Any:
        """To the page of that project."""
        project = projects.find_or_none(self.work, form.name.data)
        if project is None:
            form.refuse("name", _("There is no project of this name. Check it and try again."))
            return self.refuse(form)
        return HTTPSeeOther(self.request.action_path("admin.quarantine", name=project.normalized))


class OneProject(FormView):
    """A form about the project of the address. What has changed since it was opened is said on its page."""

    project: Project
    late: bool = False

    def __call__(self) -> Any:
        """Raise NotFound where there is no such project."""
        self.project = projects.find(self.work, self.request.matchdict["name"])
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """How the project stands."""
        return {"project": self.project, "quarantined": self.project.status == QUARANTINED, "late": self.late}

    def too_late(self, form: Form) -> Any:
        """The page as it is now, and nothing done."""
        self.work.db.refresh(self.project)
        self.late = True
        self.request.response.status_int = 409
        return self.render(form)


@page("admin.quarantine", access="admin", confirm="both")
class Quarantine(OneProject):
    """Keep a project from being installed and changed."""

    form_class = QuarantineForm

    def submit(self, form: Any) -> Any:
        """Do it."""
        try:
            service.quarantine(self.work, self.project, form.reason.data, by=self.request.person.account_id)
        except InQuarantine:
            return self.too_late(form)
        self.request.tell(_("Project ${project} is in quarantine", mapping={"project": self.project.name}))
        return HTTPSeeOther(self.request.action_path("admin.projects"))


@page("admin.release", access="admin", confirm="both")
class Release(OneProject):
    """End a quarantine."""

    def submit(self, form: Form) -> Any:
        """Do it."""
        try:
            service.release(self.work, self.project, by=self.request.person.account_id)
        except NotInQuarantine:
            return self.too_late(form)
        self.request.tell(_("Project ${project} is released from quarantine", mapping={"project": self.project.name}))
        return HTTPSeeOther(self.request.action_path("admin.projects"))
