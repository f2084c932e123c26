"""`/robots.txt`: what search engines leave alone. It names prefixes only, never an address that is a secret."""

from __future__ import annotations

from typing import Any

from pyramid.response import Response

from portal.web.options import PageView, page

RULES = "User-agent: *\nDisallow: /~\nDisallow: /account/\nDisallow: /manage/\n"


@page("web.robots", renderer=None, access="anyone")
class Robots(PageView):
    """The rules (RFC 9309)."""

    def __call__(self) -> Response:
        """Plain text."""
        return Response(RULES, content_type="text/plain", cache_control="public, max-age=86400")


def includeme(config: Any) -> None:
    """Add the route."""
    config.add_plain_route("web.robots", "/robots.txt")
    config.scan(__name__)
