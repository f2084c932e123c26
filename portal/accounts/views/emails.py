"""The addresses of an account."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service
from portal.kernel.errors import NotFound, Throttled
from portal.kernel.words import _
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind
from portal.web.errors import family_view
from portal.web.options import FormView, page


@page("accounts.emails", confirm="either", before_factor=True)
class Emails(FormView):
    """The addresses with their state, and the letter once more."""

    def show(self, form: Any) -> dict[str, Any]:
        """Each address as this session may see it, and whether it is confirmed."""
        rows = service.addresses(self.work, self.request.person.account_id)
        shown = [(self.request.show_email(row.email), row.confirmed_at is not None) for row in rows]
        return {"addresses": shown, "waits": not all(confirmed for _email, confirmed in shown)}

    def submit(self, form: Any) -> Any:
        """Send the letter again, at most three times in six hours."""
        account_id = self.request.person.account_id
        self.work.settle()
        try:
            throttle.reserve(self.work, [Bucket(Kind.LETTER, str(account_id))])
            service.request_confirmation(self.work, account_id)
            self.request.tell(_("Letter sent"))
        except Throttled as error:
            # Returned, not raised: the answer may carry the new secret of a session just confirmed.
            return family_view(error, self.request)
        except NotFound:
            self.request.tell(_("E-mail address confirmed"))
        return HTTPSeeOther(self.request.page_path("accounts.emails"))
