"""Registering with an invitation: its link proves the address."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import invitations, models, passwords, service
from portal.accounts.errors import AddressTaken, TicketExpired, TicketUsed, UsernameTaken
from portal.accounts.forms import TAKEN, InvitationForm
from portal.accounts.views import over
from portal.accounts.views.over import say_over
from portal.kernel.errors import AlreadyUsed
from portal.web.options import FormView, PageView, page


@page("accounts.invitation", access="anyone")
class Invitation(FormView):
    """The form that makes an account for the address of the invitation. It signs nobody in."""

    invitation: models.Invitation

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works, 403 where nobody registers."""
        try:
            self.invitation = invitations.find(self.work, self.request.matchdict["ticket"])
        except TicketUsed:
            return say_over(self.request, over.INVITATION_USED)
        except TicketExpired:
            return say_over(self.request, over.INVITATION_EXPIRED)
        self.work.settle()
        if self.work.settings.registers == "closed":
            return say_over(self.request, over.INVITATION_CLOSED, 403)
        return super().__call__()

    def blank(self) -> InvitationForm:
        """The form with the address."""
        return InvitationForm(work=self.work, email=self.invitation.email)

    def filled(self) -> InvitationForm:
        """The form as it was sent, with the address of the invitation whatever was sent in its place."""
        return InvitationForm(self.request.POST, work=self.work, email=self.invitation.email)

    def show(self, form: Any) -> dict[str, Any]:
        """Where the form goes."""
        return {"action": self.request.action_path("accounts.invitation", ticket=self.request.matchdict["ticket"])}

    def submit(self, form: Any) -> Any:
        """Use the link up and make the account."""
        try:
            service.require_free_name(self.work, form.username.data)
            self.work.settle()
            hashed = passwords.hash_password(self.work, form.password.data)
            invitations.accept(self.work, self.invitation, username=form.username.data, password_hash=hashed)
        except UsernameTaken:
            form.refuse("username", TAKEN)
            return self.refuse(form)
        except AlreadyUsed:
            return say_over(self.request, over.INVITATION_USED)
        except AddressTaken:
            return say_over(self.request, over.INVITATION_TAKEN, 409)
        return HTTPSeeOther(self.request.page_path("accounts.joined"))


@page("accounts.joined", access="anyone")
class Joined(PageView):
    """The account is made; signing in comes next."""
