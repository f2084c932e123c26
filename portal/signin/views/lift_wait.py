"""The link that lifts a wait. It works in any browser, once, and never signs in."""

from __future__ import annotations

from typing import Any

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.accounts.views.over import EXPIRED, USED, Over, say_over
from portal.kernel.errors import AlreadyUsed
from portal.kernel.words import _
from portal.signin import closed
from portal.web.forms import Form
from portal.web.options import FormView, page

LIFTED = Over(
    USED,
    _("It was for lifting a wait. The wait was lifted, with this link or by a new password."),
    _("Try to sign in. If you have to wait again, the page says until when."),
)
TOO_LATE = Over(
    EXPIRED,
    _("It was for lifting a wait, and it worked for 24 hours. It did nothing."),
    _("Try to sign in. If you still have to wait, the page says until when. A new letter comes when it happens again."),
)


@page("signin.lift_wait", access="anyone")
class LiftWait(FormView):
    """Opening the page changes nothing; its button lifts the wait."""

    ticket: Ticket

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, Purpose.LIFT_WAIT, self.request.matchdict["ticket"])
        except TicketUsed:
            return say_over(self.request, LIFTED)
        except TicketExpired:
            return say_over(self.request, TOO_LATE)
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """Whose account it is, and where the form goes."""
        account = accounts.find(self.work, self.ticket.account_id)
        action = self.request.action_path("signin.lift_wait", ticket=self.request.matchdict["ticket"])
        return {"username": account.username, "action": action, "state": "asked"}

    def submit(self, form: Form) -> Any:
        """Lift it, and say so."""
        try:
            closed.lift_with_link(self.work, self.ticket)
        except AlreadyUsed:
            return say_over(self.request, LIFTED)
        account = accounts.find(self.work, self.ticket.account_id)
        return {"form": form, "username": account.username, "action": "", "state": "lifted"}
