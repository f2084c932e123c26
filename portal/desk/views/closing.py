"""Closing the account, and keeping it after all."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import leaving
from portal.accounts.errors import LastAdministrator
from portal.desk.closing import service
from portal.desk.closing.errors import SoleOwner
from portal.kernel.errors import AlreadyUsed
from portal.kernel.words import _
from portal.signin.cookies import SESSION, give_cookie
from portal.signin.policy import become
from portal.web.forms import Form
from portal.web.options import FormView, PageView, page


@page("desk.close", confirm="both")
class Close(FormView):
    """What happens to projects, sessions and tokens; then the account is closed."""

    def show(self, form: Form) -> dict[str, Any]:
        """What stands in the way, and what goes on without the person."""
        found = service.consequences(self.work, self.request.person.account_id)
        return {"found": found, "days": leaving.GRACE.days}

    def submit(self, form: Form) -> Any:
        """Close it. This session ends as well, so the answer leads out of it."""
        try:
            service.close(self.work, self.request.person.account_id)
        except (SoleOwner, LastAdministrator):
            self.request.response.status_int = 409
            return self.render(form)
        give_cookie(self.request, SESSION, None)
        become(self.request, None)
        return HTTPSeeOther(self.request.action_path("desk.closed"))


@page("desk.closed", access="anyone")
class Closed(PageView):
    """Says that it is done, and how to change one's mind."""

    def __call__(self) -> dict[str, Any]:
        """For how long one can."""
        return {"days": leaving.GRACE.days}


@page("desk.keep", confirm="both", before_factor=True, while_closing=True)
class Keep(FormView):
    """All that a closed account opens: its person may keep it."""

    def show(self, form: Form) -> dict[str, Any]:
        """Until when. Where nothing is closed, the page leads on."""
        until = leaving.closing_at(self.work, self.request.person.account_id)
        if until is None:
            raise HTTPSeeOther(self.request.page_path("desk.overview"))
        return {"until": until}

    def submit(self, form: Form) -> HTTPSeeOther:
        """Keep it. For the second of two nothing is left to do."""
        try:
            service.keep(self.work, self.request.person.account_id)
        except AlreadyUsed:
            return HTTPSeeOther(self.request.page_path("desk.overview"))
        self.request.tell(_("Your account is kept"))
        return HTTPSeeOther(self.request.page_path("desk.overview"))
