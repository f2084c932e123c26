"""A forgotten password: asking for the letter, and choosing a new one behind its link."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import passwords, resets, service, tickets
from portal.accounts.ended import kinds_when_used
from portal.accounts.errors import CredentialsChanged, TicketExpired, TicketUsed
from portal.accounts.events import PasswordChanged, PasswordReset
from portal.accounts.forms import NewPasswordForm, ResetRequestForm
from portal.accounts.models import Account, Ticket
from portal.accounts.tickets import Purpose
from portal.accounts.views import over
from portal.accounts.views.over import say_over
from portal.kernel.errors import AlreadyUsed
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind, network_of
from portal.web.options import FormView, PageView, page


@page("accounts.reset_request", access="anyone")
class ResetRequest(FormView):
    """Ask for a letter. The answer is the same for every name, because nothing is looked up here."""

    form_class = ResetRequestForm

    def submit(self, form: Any) -> Any:
        """Leave it to the worker."""
        self.work.settle()
        throttle.reserve(self.work, [Bucket(Kind.RESET_NETWORK, network_of(self.work.actor.address))])
        resets.ask(self.work, form.username.data)
        return HTTPSeeOther(self.request.page_path("accounts.reset_sent"))


@page("accounts.reset_sent", access="anyone")
class ResetSent(PageView):
    """What to do now. It knows nothing of the account, so it can't tell anything about it."""


@page("accounts.reset_password", access="anyone")
class ResetPassword(FormView):
    """The form behind the link of the letter. It works in any browser and signs nobody in."""

    ticket: Ticket
    account: Account

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, Purpose.RESET_PASSWORD, self.request.matchdict["ticket"])
        except TicketUsed:
            return self.say_used()
        except TicketExpired:
            return say_over(self.request, over.RESET_EXPIRED)
        self.account = service.find(self.work, self.ticket.account_id)
        return super().__call__()

    def say_used(self) -> Any:
        """Whether the link itself was used, or made void by a change of the password or by a sign-in."""
        found = kinds_when_used(self.work, Purpose.RESET_PASSWORD, self.request.matchdict["ticket"])
        if PasswordReset.kind in found:
            return say_over(self.request, over.RESET_USED)
        return say_over(self.request, over.RESET_CHANGED if PasswordChanged.kind in found else over.RESET_SIGNED_IN)

    def blank(self) -> NewPasswordForm:
        """The empty form, with the account's name."""
        return self.made(None)

    def filled(self) -> NewPasswordForm:
        """The form as it was sent, with the account's name whatever was sent in its place."""
        return self.made(self.request.POST)

    def made(self, sent: Any) -> NewPasswordForm:
        """The form for the account that the link names."""
        words = service.guessable(self.work, self.account)
        return NewPasswordForm(sent, work=self.work, username=self.account.username, words=words)

    def show(self, form: Any) -> dict[str, Any]:
        """Where the form goes."""
        return {"action": self.request.action_path("accounts.reset_password", ticket=self.request.matchdict["ticket"])}

    def submit(self, form: Any) -> Any:
        """Use the link up; of two who press the button at once one wins."""
        self.work.settle()
        hashed = passwords.hash_password(self.work, form.new_password.data)
        try:
            resets.reset(self.work, self.ticket, self.account, hashed, revoke_tokens=form.revoke_tokens.data)
        except (AlreadyUsed, CredentialsChanged):
            return self.say_used()
        return HTTPSeeOther(self.request.page_path("accounts.reset_done"))


@page("accounts.reset_done", access="anyone")
class ResetDone(PageView):
    """The password is changed; signing in comes next."""
