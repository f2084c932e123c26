""" "This was not me": the link in a letter about a sign-in from a new place."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import passwords, tickets
from portal.accounts import service as accounts
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.forms import NewPasswordForm
from portal.accounts.models import Account, Ticket
from portal.accounts.tickets import Purpose
from portal.accounts.views.over import say_over
from portal.desk import service
from portal.desk.views import over
from portal.kernel.errors import AlreadyUsed
from portal.web.options import FormView, PageView, page


@page("desk.not_me", access="anyone")
class NotMe(FormView):
    """Opening the page changes nothing; its form sets a password and shuts everybody out. It works in any browser."""

    ticket: Ticket
    account: Account

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, Purpose.NOT_ME, self.request.matchdict["ticket"])
        except TicketUsed:
            return say_over(self.request, over.NOT_ME_USED)
        except TicketExpired:
            return say_over(self.request, over.NOT_ME_EXPIRED)
        self.account = accounts.find(self.work, self.ticket.account_id)
        return super().__call__()

    def blank(self) -> NewPasswordForm:
        """The empty form, with the account's name."""
        return self.made(None)

    def filled(self) -> NewPasswordForm:
        """The form as it was sent, with the account's name whatever was sent in its place."""
        return self.made(self.request.POST)

    def made(self, sent: Any) -> NewPasswordForm:
        """The form for the account that the link names. All its tokens are revoked: there is nothing to choose."""
        words = accounts.guessable(self.work, self.account)
        form = NewPasswordForm(sent, work=self.work, username=self.account.username, words=words)
        del form.revoke_tokens
        return form

    def show(self, form: Any) -> dict[str, Any]:
        """Which sign-in is meant, and where the form goes."""
        action = self.request.action_path("desk.not_me", ticket=self.request.matchdict["ticket"])
        return {"at": self.ticket.created_at, "action": action}

    def submit(self, form: Any) -> Any:
        """Use the link up; of those who press the button at once one wins."""
        self.work.settle()
        hashed = passwords.hash_password(self.work, form.new_password.data)
        try:
            service.shut_out(self.work, self.ticket, hashed)
        except AlreadyUsed:
            return say_over(self.request, over.NOT_ME_USED)
        return HTTPSeeOther(self.request.page_path("desk.not_me_done"))


@page("desk.not_me_done", access="anyone")
class NotMeDone(PageView):
    """What was done; signing in with the new password comes next."""
