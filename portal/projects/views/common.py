"""What the pages of one project share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.errors import NotFound
from portal.projects import policy
from portal.projects.lifecycle.errors import InQuarantine
from portal.projects.models import QUARANTINED, Project
from portal.projects.policy import Membership
from portal.web.options import FormView, PageView


class ProjectView(PageView):
    """A page for people with a role in the project of the address; for everybody else there is nothing here."""

    for_owners: ClassVar[bool] = False
    here: Membership

    def __call__(self) -> Any:
        """Answer, once it is known that the person may ask."""
        self.look_up()
        return super().__call__()

    def look_up(self) -> None:
        """Raise NotFound for strangers, and NotOwner for maintainers where only owners may look."""
        look = policy.ownership if self.for_owners else policy.membership
        self.here = look(self.work, self.request.matchdict["name"], self.request.person.account_id)

    @property
    def name(self) -> str:
        """The name of the project as it stands in addresses."""
        return self.here.project.normalized

    def back(self) -> HTTPSeeOther:
        """To the people of the project."""
        return HTTPSeeOther(self.request.page_path("projects.collaborators", name=self.name))


class ChangeView(ProjectView, FormView):
    """A form by which owners change a project. In quarantine there is none, but a page that says so."""

    for_owners = True

    def __call__(self) -> Any:
        """Answer, unless the project is in quarantine, or comes into it before the form has acted."""
        self.look_up()
        return outside_quarantine(self.request, self.here.project, lambda: FormView.__call__(self))


def outside_quarantine(request: Any, project: Project, answer: Callable[[], Any]) -> Any:
    """The answer of a form that changes the project; in quarantine a page that says why it can't be."""
    try:
        if project.status != QUARANTINED:
            return answer()
    except InQuarantine:
        pass
    if request.method == "POST":
        request.response.status_int = 409
    return request.render("projects/quarantined.pt", {"project": project})


def parse_id(text: str) -> UUID:
    """The id of a row as it stands in an address. Raises NotFound where it is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
