"""The tokens that reach a project, as its owners see them."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import _
from portal.projects import policy
from portal.projects.models import Project
from portal.tokens.reach import service
from portal.tokens.reach.service import Reaching
from portal.tokens.views.own import parse_id
from portal.web.forms import Form
from portal.web.options import FormView, PageView, page


def project_of(view: PageView) -> Project:
    """The project in the path. Raises NotFound, and NotOwner for its maintainers."""
    return policy.ownership(view.work, view.request.matchdict["name"], view.request.person.account_id).project


@page("tokens.of_project")
class OfProject(PageView):
    """Each token that can upload to the project: whose it is, and when it was used."""

    def __call__(self) -> dict[str, Any]:
        """One row a token."""
        project = project_of(self)
        return {"project": project, "rows": service.reaching(self.work, project)}


@page("tokens.cut_off", confirm="either")
class CutOff(FormView):
    """Keep one token away from the project for good."""

    def __call__(self) -> Any:
        """The form, where the token reaches the project. Raises NotFound."""
        self.row()
        return super().__call__()

    def row(self) -> Reaching:
        """The token in the path."""
        return service.find(self.work, project_of(self), parse_id(self.request.matchdict["id"]))

    def show(self, form: Form) -> dict[str, Any]:
        """The token and the project."""
        return {"project": project_of(self), "row": self.row()}

    def submit(self, form: Form) -> HTTPSeeOther:
        """Do it."""
        project = project_of(self)
        row = service.cut_off_from(self.work, project, parse_id(self.request.matchdict["id"]))
        facts = {"username": row.username, "project": project.name}
        self.request.tell(_("API token of ${username} cut off from ${project}", mapping=facts))
        return HTTPSeeOther(self.request.page_path("tokens.of_project", name=project.normalized))
