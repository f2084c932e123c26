"""The address at which a program asks for a token."""

from __future__ import annotations

import math
from typing import Any

from pyramid.httpexceptions import HTTPMethodNotAllowed
from pyramid.response import Response

from portal.kernel.errors import NotFound, Throttled
from portal.kernel.words import _
from portal.tokens.answers import answer, refusal
from portal.tokens.minting import errors, reading, service
from portal.tokens.minting.errors import MintRefused
from portal.web.options import PageView, page

THROTTLED = _("There were too many attempts. Wait, then try again.")


@page("tokens.mint", renderer=None, access="anyone", exempt=True)
class Mint(PageView):
    """Password and code prove who asks, and a browser is turned away: so no other site's page can send it.

    There is nothing here unless the operator wants it.
    """

    methods = ("GET", "HEAD", "POST")

    def __call__(self) -> Response:
        """The token, or why there is none."""
        if not self.work.settings.mint_tokens:
            raise NotFound
        if self.request.method != "POST":
            raise HTTPMethodNotAllowed(headers={"Allow": "POST"})
        try:
            return self.minted()
        except MintRefused as refused:
            return refusal(self.request, refused.status, refused.code, refused.sentence)
        except Throttled as throttled:
            return self.wait(throttled)

    def minted(self) -> Response:
        """The only answer that ever carries the token. Raises MintRefused and Throttled."""
        if any(is_browsers(name) for name in self.request.headers):
            raise errors.browser()
        if self.request.content_type != "application/json":
            raise errors.not_json()
        asked = reading.read(self.request.body)
        self.work.settle()
        created = service.mint(self.work, asked)
        held: dict[str, Any] = {"token": created.secret, "username": "__token__"}
        ends = created.token.limits.expires_at
        return answer(201, held | {"expires": ends.isoformat() if ends else None, "projects": created.token.projects})

    def wait(self, throttled: Throttled) -> Response:
        """Too many attempts, here or on the page for signing in."""
        response = refusal(self.request, 429, "throttled", THROTTLED)
        if throttled.until is not None:
            seconds = (throttled.until - self.work.now).total_seconds()
            response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
        return response


def is_browsers(header: str) -> bool:
    """Whether only browsers send a header of this name (Fetch, "origin" and "sec-fetch-…")."""
    return header.lower() == "origin" or header.lower().startswith("sec-fetch-")
