"""Inviting somebody to a project, taking that back, and answering it."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.kernel.errors import AlreadyUsed
from portal.kernel.words import TranslationString, _, filled
from portal.projects.forms import ACCEPT, AnswerForm, InviteForm
from portal.projects.members import invitations
from portal.projects.members.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationOver,
    InvitedTooOften,
    TooManyInvitations,
)
from portal.projects.members.invitations import Waiting
from portal.projects.service import shown
from portal.projects.views.common import ProjectView, parse_id
from portal.web.forms import Form
from portal.web.options import FormView, page

NOBODY = _("There is no open account with this user name. Check it and try again.")
SENT = _("Invitation to ${username} sent")
NO_LETTER = _(
    "Invitation to ${username} made, but no letter was sent: this person has not confirmed an e-mail address."
    " They see the invitation after signing in, so tell them"
)
REASONS: dict[type[Exception], TranslationString] = {
    AlreadyMember: _("This person has a role in the project already."),
    AlreadyInvited: _("This person has been invited already and has not answered yet."),
    InvitedTooOften: _("You have invited this person ${limit} times within 14 days. Ask them, or wait some days."),
    TooManyInvitations: _(
        "${limit} people have not answered yet, and more can’t be invited. Withdraw an invitation first."
    ),
}


@page("projects.invite", confirm="either")
class Invite(ProjectView, FormView):
    """Ask somebody to become an owner or a maintainer."""

    for_owners = True
    form_class = InviteForm

    def show(self, form: Form) -> dict[str, Any]:
        """To what."""
        return {"project": self.here.project, "days": invitations.LIFE.days}

    def submit(self, form: Any) -> Any:
        """Invite them, or say at the name why not."""
        account = accounts.by_username_or_none(self.work, form.username.data)
        if account is None or not is_open(account):
            form.refuse("username", NOBODY)
            return self.refuse(form)
        try:
            invitations.invite(self.work, self.here.project, account, form.role.data, by=self.here.account_id)
        except tuple(REASONS) as error:
            form.refuse("username", filled(REASONS[type(error)], {"limit": getattr(error, "limit", "")}))
            return self.refuse(form)
        sentence = SENT if accounts.confirmed_address(self.work, account.id) else NO_LETTER
        self.request.tell(filled(sentence, {"username": account.username}))
        return self.back()


def is_open(account: Account) -> bool:
    """Whether the person can answer: whoever has closed their account can't."""
    return account.closes_at is None and account.emptied_at is None


@page("projects.withdraw", confirm="either")
class Withdraw(ProjectView, FormView):
    """Take an invitation back."""

    for_owners = True
    waiting: Waiting

    def look_up(self) -> None:
        """Raise NotFound for an invitation to another project, and InvitationOver for one that has ended."""
        super().look_up()
        invitation_id = parse_id(self.request.matchdict["id"])
        self.waiting = invitations.find(self.work, invitation_id, project_id=self.here.project.id)

    def show(self, form: Form) -> dict[str, Any]:
        """Whose."""
        return {"waiting": self.waiting, "project": self.here.project}

    def submit(self, form: Form) -> HTTPSeeOther:
        """Do it."""
        invitations.withdraw(self.work, self.waiting, by=self.here.account_id)
        self.request.tell(_("Invitation to ${username} withdrawn", mapping={"username": self.waiting.username}))
        return self.back()


@page("projects.invitation", confirm="either")
class Invitation(FormView):
    """The page on which somebody accepts or declines. Opening it changes nothing."""

    form_class = AnswerForm
    waiting: Waiting

    def __call__(self) -> Any:
        """Raise NotFound for somebody else's invitation; answer 410 for one that is over."""
        invitation_id = parse_id(self.request.matchdict["id"])
        try:
            self.waiting = invitations.find(self.work, invitation_id, account_id=self.request.person.account_id)
        except InvitationOver:
            return self.over()
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """To what, by whom, until when, and whether there is a page to look at."""
        return {"waiting": self.waiting, "shown": bool(shown(self.work, [self.waiting.project]))}

    def submit(self, form: Any) -> Any:
        """Do as the person said."""
        accepted = form.answer.data == ACCEPT
        try:
            answer = invitations.accept if accepted else invitations.decline
            answer(self.work, self.waiting)
        except AlreadyUsed:
            return self.over()
        facts = {"project": self.waiting.project.name}
        if not accepted:
            self.request.tell(_("Invitation to the project ${project} declined", mapping=facts))
            return HTTPSeeOther(self.request.page_path("projects.list"))
        self.request.tell(_("You now work on the project ${project}", mapping=facts))
        name = self.waiting.project.normalized
        return HTTPSeeOther(self.request.page_path("projects.overview", name=name))

    def over(self) -> dict[str, Any]:
        """The page of an invitation that can't be answered any more."""
        self.request.response.status_int = 410
        return {"form": Form(), "waiting": None}
