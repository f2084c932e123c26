"""Telling of tokens that were found: an address for scanners, and a page for everybody."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMethodNotAllowed, HTTPSeeOther
from pyramid.response import Response

from portal.kernel.errors import NotFound, TooLarge
from portal.kernel.words import _
from portal.tokens.answers import answer, refusal
from portal.tokens.leaks import disclosure, service
from portal.tokens.leaks.disclosure import Malformed, Unsigned
from portal.tokens.leaks.forms import FoundForm
from portal.web.options import FormView, PageView, page

KEY, SIGNATURE = "Github-Public-Key-Identifier", "Github-Public-Key-Signature"
UNSIGNED = _("The list is not signed with a key that this index knows.")
MALFORMED = _("The list can’t be read.")
TOO_LARGE = _("The list is too long. Send it in parts.")


@page("tokens.disclose_token", renderer=None, access="anyone", exempt=True)
class DiscloseToken(PageView):
    """The address for secret scanners. A signature says who sends the list, so no other site's page can send it.

    There is nothing here unless the operator has pinned keys.
    """

    methods = ("GET", "HEAD", "POST")

    def __call__(self) -> Response:
        """What became of each token, in the order of the list."""
        keys = disclosure.pinned(self.work.settings.disclosure_keys)
        if not keys:
            raise NotFound
        if self.request.method != "POST":
            raise HTTPMethodNotAllowed(headers={"Allow": "POST"})
        try:
            return answer(200, self.taken(keys))
        except TooLarge:
            return refusal(self.request, 413, "too-large", TOO_LARGE)
        except Unsigned:
            return refusal(self.request, 400, "unsigned", UNSIGNED)
        except Malformed:
            return refusal(self.request, 400, "malformed", MALFORMED)

    def taken(self, keys: disclosure.Keys) -> list[dict[str, str]]:
        """Each token of the list looked at in a transaction of its own, so that nobody waits for a long list."""
        headers, body = self.request.headers, self.request.body
        if len(body) > disclosure.BODY_LIMIT:
            raise TooLarge(disclosure.BODY_LIMIT)
        disclosure.check_signature(keys, headers.get(KEY, ""), headers.get(SIGNATURE, ""), body)
        told = []
        for one in disclosure.entries(body):
            told.append(one.feedback(service.end_found(self.work, one.token, url=one.url)))
            self.work.settle()
        return told


@page("tokens.leaked", access="anyone")
class Leaked(FormView):
    """Paste what you have found. The answer is the same for everything, because nothing is looked at here."""

    form_class = FoundForm

    def submit(self, form: Any) -> Any:
        """Leave it to the worker."""
        self.work.settle()
        service.report(self.work, form.token.data)
        return HTTPSeeOther(self.request.page_path("tokens.leaked_thanks"))


@page("tokens.leaked_thanks", access="anyone")
class LeakedThanks(PageView):
    """What happens now. It knows nothing of what was pasted."""
