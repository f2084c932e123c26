""" "This was not me": the link in a letter about a sign-in from a new place."""

from __future__ import annotations

from typing import Any

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.accounts.views.over import say_over
from portal.desk import service
from portal.desk.views import over
from portal.kernel.errors import AlreadyUsed
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("desk.not_me", access="anyone")
class NotMe(FormView):
    """Opening the page changes nothing; its button shuts everybody out. It works in any browser."""

    ticket: Ticket

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, Purpose.NOT_ME, self.request.matchdict["ticket"])
        except TicketUsed:
            return say_over(self.request, over.NOT_ME_USED)
        except TicketExpired:
            return say_over(self.request, over.NOT_ME_EXPIRED)
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """Which sign-in is meant, and where the form goes."""
        account = accounts.find(self.work, self.ticket.account_id)
        action = self.request.action_path("desk.not_me", ticket=self.request.matchdict["ticket"])
        return {"username": account.username, "at": self.ticket.created_at, "action": action, "state": "asked"}

    def submit(self, form: Form) -> Any:
        """Do it, and say what to do next."""
        try:
            service.shut_out(self.work, self.ticket)
        except AlreadyUsed:
            return say_over(self.request, over.NOT_ME_USED)
        return {**self.show(form), "form": form, "state": "done"}
