"""The page behind the link that the server gives out once, for the first administrator."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import first_admin, passwords, service
from portal.accounts.errors import TicketExpired, TicketUsed, UsernameTaken
from portal.accounts.forms import TAKEN, RegisterForm
from portal.accounts.views import over
from portal.accounts.views.over import say_over
from portal.kernel.errors import AlreadyUsed
from portal.web.options import FormView, page


@page("accounts.first_admin", access="anyone")
class FirstAdmin(FormView):
    """The form that makes the first administrator's account."""

    form_class = RegisterForm

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            first_admin.check(self.work, self.request.matchdict["ticket"])
        except TicketUsed:
            return say_over(self.request, over.ADMINISTRATOR_USED)
        except TicketExpired:
            return say_over(self.request, over.ADMINISTRATOR_EXPIRED)
        self.work.settle()
        return super().__call__()

    def blank(self) -> RegisterForm:
        """The empty form."""
        return RegisterForm(work=self.work)

    def filled(self) -> RegisterForm:
        """The form as it was sent."""
        return RegisterForm(self.request.POST, work=self.work)

    def show(self, form: Any) -> dict[str, Any]:
        """Where the form goes."""
        return {"action": self.request.action_path("accounts.first_admin", ticket=self.request.matchdict["ticket"])}

    def submit(self, form: Any) -> Any:
        """Use the link up and make the account; its letter leaves after the transaction."""
        try:
            service.require_free_name(self.work, form.username.data)
            self.work.settle()
            first_admin.register(
                self.work,
                self.request.matchdict["ticket"],
                username=form.username.data,
                email=form.email.data,
                password_hash=passwords.hash_password(self.work, form.password.data),
            )
        except UsernameTaken:
            form.refuse("username", TAKEN)
            return self.refuse(form)
        except AlreadyUsed:
            return say_over(self.request, over.ADMINISTRATOR_USED)
        return HTTPSeeOther(self.request.page_path("accounts.registered"))
