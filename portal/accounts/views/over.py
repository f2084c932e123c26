"""The page of a link that does nothing any more."""

from __future__ import annotations

from typing import Any

from pyramid.response import Response


def say_over(request: Any, reason: str, status: int = 410) -> Response:
    """Why it does nothing, and how to go on. `reason` is one of those in the template."""
    request.response.status_int = status
    response: Response = request.render("accounts/link_over.pt", {"reason": reason})
    return response
