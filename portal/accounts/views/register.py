"""Making an account: the same answer whether or not the address is known here."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import passwords, service
from portal.accounts.errors import RegistrationClosed, UsernameTaken
from portal.accounts.forms import TAKEN, RegisterForm
from portal.kernel.errors import Unavailable
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind, network_of
from portal.web.options import FormView, PageView, page


@page("accounts.register", access="anyone")
class Register(FormView):
    """The form that makes an account."""

    form_class = RegisterForm

    def __call__(self) -> Any:
        """Nobody can register while the instance has no administrator."""
        try:
            service.require_open(self.work)
        except RegistrationClosed:
            return self.say_closed(self.work.settings.registers, 403)
        except Unavailable:
            return self.say_closed("later", 503)
        finally:
            self.work.settle()
        return super().__call__()

    def say_closed(self, registers: str, status: int) -> dict[str, Any]:
        """The page without its form."""
        self.request.response.status_int = status
        return {"form": None, "registers": registers}

    def blank(self) -> RegisterForm:
        """The empty form."""
        return RegisterForm(work=self.work)

    def filled(self) -> RegisterForm:
        """The form as it was sent."""
        return RegisterForm(self.request.POST, work=self.work)

    def show(self, form: Any) -> dict[str, Any]:
        """The page has its form."""
        return {"registers": "open"}

    def submit(self, form: Any) -> Any:
        """Make the account; its letter leaves after the transaction."""
        try:
            service.require_free_name(self.work, form.username.data)
            self.work.settle()
            throttle.reserve(self.work, [Bucket(Kind.REGISTRATION, network_of(self.work.actor.address))])
            service.register(
                self.work,
                username=form.username.data,
                email=form.email.data,
                password_hash=passwords.hash_password(self.work, form.password.data),
            )
        except UsernameTaken:
            form.refuse("username", TAKEN)
            return self.refuse(form)
        return HTTPSeeOther(self.request.page_path("accounts.registered"))


@page("accounts.registered", access="anyone")
class Registered(PageView):
    """What to do after registering. It knows nothing of the account, so it can't tell anything about it."""
