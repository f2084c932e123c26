"""Addresses that programs know beforehand (RFC 8615): where a password is changed, and whom to tell of a weakness."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from pyramid.httpexceptions import HTTPFound
from pyramid.response import Response

from portal.kernel.errors import NotFound
from portal.kernel.settings import Settings
from portal.web.options import PageView, page


@page("web.change_password", renderer=None, access="anyone")
class ChangePassword(PageView):
    """To the page on which a password is changed (W3C, A Well-Known URL for Changing Passwords)."""

    def __call__(self) -> Response:
        """302, also for somebody who is not signed in: that page then asks for it."""
        return HTTPFound(self.request.action_path("accounts.password"))


@page("web.security_txt", renderer=None, access="anyone")
class SecurityTxt(PageView):
    """Whom to tell of a weakness (RFC 9116), as the operator has set it."""

    def __call__(self) -> Response:
        """The file. Raises NotFound where none is set, and once it is over: nobody may rely on it then."""
        settings = self.request.instance.settings
        if not settings.security_contact or settings.security_expires <= self.work.now:
            raise NotFound
        text = security_text(settings, self.request.public_url("web.security_txt"))
        return Response(text, content_type="text/plain", charset="utf-8", cache_control="public, max-age=86400")


def security_text(settings: Settings, canonical: str) -> str:
    """The fields of the file; `security_contact` and `security_expires` are set."""
    fields = [("Contact", contact) for contact in settings.security_contact.split()]
    if settings.security_expires is not None:
        fields.append(("Expires", settings.security_expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
    fields.append(("Canonical", canonical))
    optional = (("Policy", settings.security_policy), ("Preferred-Languages", settings.security_languages))
    fields += [(name, value) for name, value in optional if value]
    return "".join(f"{name}: {value}\n" for name, value in fields)


def includeme(config: Any) -> None:
    """Add both routes."""
    config.add_plain_route("web.change_password", "/.well-known/change-password")
    config.add_plain_route("web.security_txt", "/.well-known/security.txt")
    config.scan(__name__)
