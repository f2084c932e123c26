"""Who works on a project, as its members see it, and owners change it."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.kernel.errors import NotFound
from portal.kernel.words import _
from portal.projects.forms import RoleForm
from portal.projects.members import invitations
from portal.projects.members import service as people
from portal.projects.members.errors import LastOwner
from portal.projects.service import role_of
from portal.projects.views.common import ProjectView
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("projects.collaborators")
class Collaborators(ProjectView):
    """Everybody with a role, and for owners who has been invited."""

    def __call__(self) -> dict[str, Any]:
        """One row a person, owners first."""
        super().__call__()
        project = self.here.project
        return {
            "project": project,
            "owner": self.here.owner,
            "me": self.here.account_id,
            "rows": people.members(self.work, project.id),
            "invited": invitations.of_project(self.work, project.id) if self.here.owner else [],
        }


class MemberForm(ProjectView, FormView):
    """A form about one person with a role in the project."""

    for_owners = True
    member: Account
    role: str

    def look_up(self) -> None:
        """Raise NotFound where nobody of this name has a role."""
        super().look_up()
        member = accounts.by_username_or_none(self.work, self.request.matchdict["user"])
        role = role_of(self.work, self.here.project.id, member.id) if member else None
        if member is None or role is None:
            raise NotFound
        self.member, self.role = member, role

    def show(self, form: Form) -> dict[str, Any]:
        """Who it is about."""
        mine = self.member.id == self.here.account_id
        return {"project": self.here.project, "username": self.member.username, "role": self.role, "mine": mine}


@page("projects.change_role", confirm="either")
class ChangeRole(MemberForm):
    """Make a maintainer an owner, or an owner a maintainer."""

    form_class = RoleForm

    def blank(self) -> Form:
        """The role as it is."""
        return RoleForm(data={"role": self.role})

    def submit(self, form: Any) -> Any:
        """Change it, unless nobody would own the project."""
        try:
            people.change(self.work, self.here.project, self.member.id, form.role.data, by=self.here.account_id)
        except LastOwner:
            form.refuse("role", _("Nobody else owns this project. Make another person an owner first."))
            return self.refuse(form)
        self.request.tell(_("Role of ${username} changed", mapping={"username": self.member.username}))
        return self.back()


@page("projects.remove_member", confirm="either")
class RemoveMember(MemberForm):
    """Take somebody's role away."""

    def look_up(self) -> None:
        """Oneself one does not remove, one leaves."""
        super().look_up()
        if self.member.id == self.here.account_id:
            raise HTTPSeeOther(self.request.page_path("projects.leave", name=self.name))

    def submit(self, form: Form) -> HTTPSeeOther:
        """Do it."""
        people.remove(self.work, self.here.project, self.member.id, by=self.here.account_id)
        facts = {"username": self.member.username, "project": self.here.project.name}
        self.request.tell(_("${username} removed from the project ${project}", mapping=facts))
        return self.back()


@page("projects.leave", confirm="either")
class Leave(ProjectView, FormView):
    """Give one's own role up."""

    def show(self, form: Form) -> dict[str, Any]:
        """Whether somebody else owns the project."""
        last = people.is_last_owner(self.work, self.here.project.id, self.here.account_id)
        return {"project": self.here.project, "last": last, "owner": self.here.owner}

    def submit(self, form: Form) -> Any:
        """Leave, unless nobody would own the project; the page then says so."""
        try:
            people.leave(self.work, self.here.project, self.here.account_id)
        except LastOwner:
            self.request.response.status_int = 409
            return self.render(form)
        self.request.tell(_("You left the project ${project}", mapping={"project": self.here.project.name}))
        return HTTPSeeOther(self.request.page_path("projects.list"))
