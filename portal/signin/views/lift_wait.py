"""The link that lifts a wait. It works in any browser, once, and never signs in."""

from __future__ import annotations

from typing import Any

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.errors import AlreadyUsed
from portal.signin import closed
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("signin.lift_wait", access="anyone")
class LiftWait(FormView):
    """Opening the page changes nothing; its button lifts the wait."""

    ticket: Ticket

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, Purpose.LIFT_WAIT, self.request.matchdict["ticket"])
        except (TicketUsed, TicketExpired):
            return self.over()
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
            return self.over()
        account = accounts.find(self.work, self.ticket.account_id)
        return {"form": form, "username": account.username, "action": "", "state": "lifted"}

    def over(self) -> dict[str, Any]:
        """The page of a link that does nothing any more."""
        self.request.response.status_int = 410
        return {"form": Form(), "username": "", "action": "", "state": "over"}
