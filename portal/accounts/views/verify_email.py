"""Confirming an address with the link of a letter. It works in any browser and never signs in."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import passwords, service, tickets
from portal.accounts.errors import AddressTaken, TicketExpired, TicketUsed
from portal.accounts.events import ConfirmationRefused
from portal.accounts.forms import TicketPasswordForm
from portal.accounts.models import Account, Address, Ticket
from portal.accounts.tickets import Purpose
from portal.accounts.views import over
from portal.accounts.views.over import say_over
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.words import _
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind, network_of
from portal.web.forms import Form
from portal.web.options import FormView, PageView, page


@page("accounts.verify_email", access="anyone")
class VerifyEmail(FormView):
    """Names the account and asks its password, so that nobody confirms an address for a stranger."""

    ticket: Ticket
    account: Account
    address: Address

    def __call__(self) -> Any:
        """Answer 404 for an unknown link, 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, Purpose.CONFIRM_ADDRESS, self.request.matchdict["ticket"])
            self.account = service.find(self.work, self.ticket.account_id)
            if self.ticket.address_id is None:
                return say_over(self.request, over.CONFIRM_REPLACED)
            self.address = service.find_address(self.work, self.ticket.address_id)
            if self.address.confirmed_at is not None:
                raise TicketUsed
        except NotFound:
            return say_over(self.request, over.CONFIRM_UNKNOWN, 404)
        except TicketUsed:
            return say_over(self.request, over.CONFIRM_USED)
        except TicketExpired:
            return say_over(self.request, over.CONFIRM_EXPIRED)
        return super().__call__()

    @property
    def signed_in(self) -> bool:
        """Whether the account that the link names is signed in here, with cookies: a bare handle confirms nothing."""
        person = self.request.person
        return person is not None and not person.limited and person.account_id == self.account.id

    def blank(self) -> Form:
        """The form with the account's name."""
        return Form() if self.signed_in else self.named(TicketPasswordForm())

    def filled(self) -> Form:
        """The form as it was sent, with the account's name whatever was sent in its place."""
        return Form() if self.signed_in else self.named(TicketPasswordForm(self.request.POST))

    def named(self, form: TicketPasswordForm) -> TicketPasswordForm:
        """The form with the account's name in it."""
        form.username.data = self.account.username
        return form

    def show(self, form: Any) -> dict[str, Any]:
        """Account, address and where the form goes."""
        return {
            "username": self.account.username,
            "email": self.request.show_email(self.address.email),
            "action": self.request.action_path("accounts.verify_email", ticket=self.request.matchdict["ticket"]),
        }

    def submit(self, form: Any) -> Any:
        """Confirm the address."""
        if not self.signed_in and not self.knows_password(form):
            return self.refuse(form)
        try:
            service.confirm_address(self.work, self.ticket)
        except AlreadyUsed:
            return say_over(self.request, over.CONFIRM_USED)
        except AddressTaken:
            return say_over(self.request, over.CONFIRM_TAKEN, 409)
        if not self.signed_in:
            return HTTPSeeOther(self.request.page_path("accounts.verified"))
        self.request.tell(_("E-mail address confirmed"))
        return HTTPSeeOther(self.request.page_path("desk.overview"))

    def knows_password(self, form: Any) -> bool:
        """Count the attempt, then compare. A wrong password stays in the account's history."""
        network = network_of(self.work.actor.address)
        buckets = [Bucket(Kind.TICKET, str(self.ticket.id)), Bucket(Kind.NETWORK, network)]
        self.work.settle()
        throttle.reserve(self.work, buckets)
        if passwords.verify_password(self.work, self.account.password_hash, form.password.data):
            throttle.succeed(self.work, buckets)
            return True
        self.work.record(ConfirmationRefused(account_id=self.account.id))
        form.refuse("password", _("This is not the password of this account. Type it again."))
        return False


@page("accounts.verified", access="anyone")
class Verified(PageView):
    """What to do after confirming an address in a browser that is not signed in."""
