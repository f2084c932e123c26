"""Removing an authenticator app."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.factors import removal
from portal.factors.errors import LastFactor
from portal.factors.policy import may_turn_off
from portal.factors.views.own import own_authenticator
from portal.kernel.words import _
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("factors.totp_remove", confirm="both")
class TotpRemove(FormView):
    """Says what follows, which is more for the last one, and whether it may be removed at all."""

    def show(self, form: Form) -> dict[str, Any]:
        """The authenticator app, and what follows."""
        last = removal.is_last(self.work, self.request.person.account_id)
        return {"app": own_authenticator(self), "last": last, "kept": last and not may_turn_off(self.work.settings)}

    def submit(self, form: Form) -> Any:
        """Remove it."""
        app = own_authenticator(self)
        try:
            last = removal.remove(self.work, self.request.person.account_id, app.id)
        except LastFactor:
            self.request.response.status_int = 403
            return self.render(form)
        self.request.tell(_("Authenticator app ${name} removed", mapping={"name": app.name}))
        if last:
            self.request.tell(_("Two-factor authentication is off. Your recovery codes were deleted."))
        return HTTPSeeOther(self.request.page_path("factors.two_factor"))
