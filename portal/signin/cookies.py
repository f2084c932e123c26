"""Our cookies. They are set only on an answer whose transaction was committed."""

from __future__ import annotations

from typing import Any

from portal.kernel.settings import Settings

SESSION = "session"
PROBE = "probe"


def cookie_name(request: Any, name: str) -> str:
    """The name of one of our cookies: with the `__Host-` prefix wherever TLS allows it (RFC 6265bis §4.1.3.2)."""
    return name_under(request.instance.settings, name)


def name_under(settings: Settings, name: str) -> str:
    """The same, where there is no request yet."""
    return f"__Host-{name}" if settings.https else name


def read_cookie(request: Any, name: str) -> str:
    """The value that the browser sent back, or nothing."""
    try:
        return str(request.cookies.get(cookie_name(request, name), ""))
    except UnicodeDecodeError:
        return ""


def give_cookie(request: Any, name: str, value: str | None) -> None:
    """Set, or with None take away, a cookie on the answer to this request if it succeeds."""
    request.new_cookies[name] = value


def write_cookies(request: Any, response: Any) -> None:
    """Put the cookies on the answer.

    HttpOnly, Secure with TLS, and SameSite=Lax: Strict would break arriving from a letter.
    """
    for name, value in request.new_cookies.items():
        response.set_cookie(
            cookie_name(request, name),
            value,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=request.instance.settings.https,
        )
