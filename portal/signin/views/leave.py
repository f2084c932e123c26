"""Sign out, and what is left behind in the browser."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response

from portal.signin import events, sessions
from portal.signin.cookies import SESSION, give_cookie
from portal.signin.policy import become
from portal.web.forms import Form
from portal.web.options import FormView, PageView, page


@page("signin.logout", confirm="none", before_factor=True, while_closing=True)
class Logout(FormView):
    """End this session at once; nothing is asked. Whose session is over already is led on as well."""

    strangers_go_to = "signin.signed_out"

    def submit(self, form: Form) -> Any:
        """End it in the database, take the cookie away, and lead out of the handle."""
        person = self.request.person
        if sessions.end(self.work, person.session_id):
            self.work.record(events.SignedOut(account_id=person.account_id))
        give_cookie(self.request, SESSION, None)
        become(self.request, None)
        return HTTPSeeOther(self.request.action_path("signin.signed_out"))


@page("signin.signed_out", access="anyone")
class SignedOut(PageView):
    """Says that it is done. It loads one small file that makes the browser forget the pages just left."""


@page("signin.clear", renderer=None, access="anyone")
class Clear(PageView):
    """An empty style sheet with `Clear-Site-Data`.

    On the answer to the sign-out itself the header does not evict the page just left from the
    browser's back cache; on a resource of the next page it does.
    """

    def __call__(self) -> Response:
        """No content to speak of."""
        response = Response(b"/* */\n", content_type="text/css", charset="utf-8")
        response.headers["Clear-Site-Data"] = '"cache"'
        return response
