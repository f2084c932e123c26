"""Recovery of an account as its person meets it: stopping it, and the link that ends it."""

from __future__ import annotations

from typing import Any, ClassVar

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import passwords, tickets
from portal.accounts import service as accounts
from portal.accounts.ended import kinds_when_used
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.models import Account, Ticket
from portal.accounts.tickets import Purpose
from portal.accounts.views.over import Over, say_over
from portal.desk.forms import RecoveryForm
from portal.desk.recovery import events, service
from portal.desk.views import over
from portal.kernel.errors import AlreadyUsed
from portal.kernel.words import _
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind, network_of
from portal.web.banners import Banner
from portal.web.forms import Form
from portal.web.options import FormView, page

BANNER = _(
    "The people who run this index were asked to remove two-factor authentication from your account, because all"
    " means of signing in with it are lost. If that is not so, cancel it."
)
CANCELLED = [
    event.kind
    for event in (
        events.RecoveryCancelled,
        events.RecoveryCancelledByLink,
        events.RecoveryCancelledBySignIn,
        events.RecoveryCancelledByChange,
        events.RecoveryCancelledByRights,
    )
]


def banner(request: Any) -> Banner | None:
    """The warning on every page of an account that is being recovered."""
    if request.person is None or service.under_way(request.work, request.person.account_id) is None:
        return None
    return Banner(BANNER, _("Cancel the recovery of your account"), request.page_path("desk.cancel_recovery"))


class LinkView(FormView):
    """A page behind a link: opening it changes nothing. It works in any browser and never signs in."""

    route = ""
    purpose: Purpose
    expired: Over
    ends: ClassVar[dict[str, Over]]
    """What is said after an event that has ended the recovery, by its kind."""
    ticket: Ticket
    account: Account

    def __call__(self) -> Any:
        """Raise NotFound for an unknown link; answer 410 for one that no longer works."""
        try:
            self.ticket = tickets.find(self.work, self.purpose, self.request.matchdict["ticket"])
        except TicketUsed:
            return self.say_used()
        except TicketExpired:
            return say_over(self.request, self.expired)
        self.account = accounts.find(self.work, self.ticket.account_id)
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """Whose account it is, and where the form goes."""
        action = self.request.action_path(self.route, ticket=self.request.matchdict["ticket"])
        return {"username": self.account.username, "action": action, "state": "asked"}

    def done(self) -> dict[str, Any]:
        """The page that says that it is done."""
        return {"form": Form(), "username": self.account.username, "action": "", "state": "done"}

    def say_used(self) -> Any:
        """The page of a link that was used up: by itself, or by another end of the recovery."""
        found = kinds_when_used(self.work, self.purpose, self.request.matchdict["ticket"])
        known = [self.ends[kind] for kind in self.ends if kind in found]
        return say_over(self.request, known[0] if known else self.expired)


@page("desk.stop_recovery", access="anyone")
class StopRecovery(LinkView):
    """The link in the letters to the primary address that stops a recovery."""

    route = "desk.stop_recovery"
    purpose = Purpose.STOP_RECOVERY
    expired = over.STOPPING_EXPIRED
    ends: ClassVar = {
        events.RecoveryDone.kind: over.TOO_LATE,
        events.RecoveryExpired.kind: over.STOPPING_EXPIRED,
        **dict.fromkeys(CANCELLED, over.STOPPED_OTHERWISE),
        events.RecoveryCancelledByLink.kind: over.STOPPED,
    }

    def submit(self, form: Form) -> Any:
        """Stop it."""
        try:
            service.stop(self.work, self.ticket)
        except AlreadyUsed:
            return self.say_used()
        return self.done()


@page("desk.recovery", access="anyone")
class Recovery(LinkView):
    """The link that ends a recovery. It needs the password, and removes every second factor."""

    route = "desk.recovery"
    purpose = Purpose.RECOVERY
    expired = over.RECOVERY_EXPIRED
    ends: ClassVar = {
        events.RecoveryDone.kind: over.RECOVERY_USED,
        events.RecoveryExpired.kind: over.RECOVERY_EXPIRED,
        **dict.fromkeys(CANCELLED, over.RECOVERY_CANCELLED),
    }

    def blank(self) -> Form:
        """The form with the account's name."""
        return self.named(RecoveryForm())

    def filled(self) -> Form:
        """The form as it was sent, with the account's name whatever was sent in its place."""
        return self.named(RecoveryForm(self.request.POST))

    def named(self, form: RecoveryForm) -> RecoveryForm:
        """The form with the account's name in it."""
        form.username.data = self.account.username
        return form

    def submit(self, form: Any) -> Any:
        """Check the password, then remove the factors."""
        if not self.knows_password(form):
            return self.refuse(form)
        try:
            service.finish(self.work, self.ticket)
        except AlreadyUsed:
            return self.say_used()
        return self.done()

    def knows_password(self, form: Any) -> bool:
        """Count the attempt, then compare. A wrong password stays in the account's history."""
        network = network_of(self.work.actor.address)
        buckets = [Bucket(Kind.TICKET, str(self.ticket.id)), Bucket(Kind.NETWORK, network)]
        self.work.settle()
        throttle.reserve(self.work, buckets)
        if passwords.verify_password(self.work, self.account.password_hash, form.password.data):
            throttle.succeed(self.work, buckets)
            return True
        self.work.record(events.RecoveryPasswordRefused(account_id=self.account.id))
        form.refuse("password", _("This is not the password of this account. Type it again."))
        return False


@page("desk.cancel_recovery", confirm="either", before_factor=True)
class CancelRecovery(FormView):
    """Stop it from a place where one is signed in."""

    def show(self, form: Form) -> dict[str, Any]:
        """Whether there is anything to stop."""
        return {"under_way": service.under_way(self.work, self.request.person.account_id) is not None}

    def submit(self, form: Form) -> HTTPSeeOther:
        """Stop it."""
        stopped = service.cancel(self.work, self.request.person.account_id, events.RecoveryCancelled)
        self.request.tell(_("Recovery of your account cancelled") if stopped else _("Nothing was under way"))
        return HTTPSeeOther(self.request.page_path("desk.overview"))
