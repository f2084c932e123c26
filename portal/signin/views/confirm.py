"""Asked again below a handle: after a change of network or browser, or when the page was opened from outside."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.signin import sessions
from portal.signin.begin import below, go_on, is_ours
from portal.signin.forms import ReturnForm
from portal.signin.models import Mode
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("signin.confirm", confirm="either", before_factor=True, while_closing=True)
class Confirm(FormView):
    """Give the session a new handle, and remember network and browser."""

    form_class = ReturnForm

    def blank(self) -> Form:
        """There is nothing to show by itself."""
        raise HTTPSeeOther(self.request.page_path("desk.overview"))

    def show(self, form: Any) -> dict[str, Any]:
        """Why it was asked is not known any more; that it is asked is, and whether a page is wanted."""
        return {"elsewhere": False, "outside": False, "returns": is_ours(self.request, form.next.data or "")}

    def submit(self, form: Any) -> Any:
        """Back to the page that was wanted, below the new handle."""
        session = self.request.person.session
        session.address, session.browser = self.work.actor.address, self.work.actor.browser
        session.asked_from = None
        session.tells_site = "Sec-Fetch-Site" in self.request.headers
        if session.mode == Mode.LIMITED:
            below(self.request, sessions.replace_secret(self.work, session))
        return go_on(self.request, form.next.data or "")
