"""The addresses of an account: what there is, and what can be done with each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import addresses, service
from portal.accounts.errors import (
    AddressesChanged,
    AddressIsPrimary,
    AddressListed,
    AddressUnconfirmed,
    TooManyAddresses,
)
from portal.accounts.forms import EmailForm
from portal.accounts.models import Address
from portal.kernel.errors import AlreadyUsed, Conflict, NotFound, Throttled
from portal.kernel.words import TranslationString, _, filled
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind
from portal.web.errors import family_view
from portal.web.options import FormView, page

ADDED = _("E-mail address added: we have written a letter to ${email}")
REPLACED = _("E-mail address replaced: we have written a letter to ${email}, and the address before it is removed")
LISTED = _("This address is in your list already.")


@page("accounts.emails", confirm="both", before_factor=True)
class Emails(FormView):
    """The addresses with their state, and a form for one more."""

    form_class = EmailForm

    def show(self, form: Any) -> dict[str, Any]:
        """Each address as this session may see it."""
        rows = service.addresses(self.work, self.request.person.account_id)
        return {
            "addresses": [(row.id, self.request.show_email(row.email), row) for row in rows],
            "unproven": not any(row.confirmed_at for row in rows),
        }

    def submit(self, form: Any) -> Any:
        """Add it; while no address is confirmed, it takes the place of the one there is."""
        account_id = self.request.person.account_id
        self.work.settle()
        try:
            throttle.reserve(self.work, [Bucket(Kind.LETTER, f"{account_id} new address")])
            replaced = addresses.add(self.work, account_id, form.email.data)
        except AddressListed:
            return self.say(form, LISTED)
        except TooManyAddresses as error:
            return self.say(form, _("You can have at most ${most} addresses. Remove one first.", {"most": error.most}))
        except (Throttled, AddressesChanged) as error:
            # Returned, not raised: the answer carries the new secret of a session just confirmed.
            return family_view(error, self.request)
        # Named in full in limited mode as well: it is the answer to the form in which it was typed.
        sentence = REPLACED if replaced else ADDED
        self.request.tell(filled(sentence, {"email": form.email.data}))
        return HTTPSeeOther(self.request.page_path("accounts.emails"))

    def say(self, form: Any, sentence: TranslationString) -> Any:
        """The form again, with what is wrong."""
        form.refuse("email", sentence)
        return self.refuse(form)


class OneEmail(FormView):
    """A page about one address. Somebody else's is NotFound."""

    route: str
    done: TranslationString

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.account_id = request.person.account_id
        self.address = self.find()

    def find(self) -> Address:
        """The address that the path names. Raises NotFound."""
        try:
            address_id = UUID(self.request.matchdict["id"])
        except ValueError as error:
            raise NotFound from error
        return addresses.find_own(self.work, self.account_id, address_id)

    def show(self, form: Any) -> dict[str, Any]:
        """The address as this session may see it, and where the form goes."""
        action = self.request.action_path(self.route, id=self.address.id)
        return {"email": self.request.show_email(self.address.email), "address": self.address, "action": action}

    def submit(self, form: Any) -> Any:
        """Act, and go back to the list."""
        try:
            self.act()
        except (Conflict, NotFound, Throttled) as error:
            # Returned, not raised: the answer carries the new secret of a session just confirmed.
            return family_view(error, self.request)
        self.request.tell(self.done)
        return HTTPSeeOther(self.request.page_path("accounts.emails"))

    def act(self) -> None:
        """What the page is for."""
        raise NotImplementedError


@page("accounts.resend_email", confirm="both", before_factor=True)
class ResendEmail(OneEmail):
    """The letter that confirms an address once more."""

    route = "accounts.resend_email"
    done = _("Letter sent")

    def act(self) -> None:
        """Send it, at most three times in six hours; where it was confirmed meanwhile, say that."""
        self.work.settle()
        throttle.reserve(self.work, [Bucket(Kind.LETTER, str(self.account_id))])
        try:
            service.request_confirmation(self.work, self.find())
        except AlreadyUsed:
            self.done = _("E-mail address confirmed")


@page("accounts.primary_email", confirm="both")
class PrimaryEmail(OneEmail):
    """Let an address be the first of the account."""

    route = "accounts.primary_email"
    done = _("Primary e-mail address changed")

    def find(self) -> Address:
        """Only a confirmed address can be. Raises AddressUnconfirmed."""
        found = super().find()
        if found.confirmed_at is None:
            raise AddressUnconfirmed
        return found

    def act(self) -> None:
        """Make it the primary one."""
        addresses.make_primary(self.work, self.account_id, self.address.id)


@page("accounts.remove_email", confirm="both")
class RemoveEmail(OneEmail):
    """Take an address off the account."""

    route = "accounts.remove_email"
    done = _("E-mail address removed")

    def find(self) -> Address:
        """The primary one stays. Raises AddressIsPrimary."""
        found = super().find()
        if found.is_primary:
            raise AddressIsPrimary
        return found

    def act(self) -> None:
        """Remove it."""
        addresses.remove(self.work, self.account_id, self.address.id)
