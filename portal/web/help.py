"""Help in plain words, and the accessibility statement: pages that anyone reads and that change nothing."""

from __future__ import annotations

from typing import Any

from portal.web.options import PageView, page


def upload_url(request: Any) -> str:
    """Where this index takes uploads."""
    return f"{request.instance.settings.base_url}/legacy/"


@page("web.help", access="anyone")
class Help(PageView):
    """Where help is found."""


@page("web.help_account", access="anyone")
class HelpAccount(PageView):
    """Password, addresses, sessions, letters about strange sign-ins, closing: what people do with an account."""


@page("web.help_two_factor", access="anyone")
class HelpTwoFactor(PageView):
    """Two-factor authentication, from the first step to the lost phone."""


@page("web.help_tokens", access="anyone")
class HelpTokens(PageView):
    """API tokens and the settings of upload tools."""

    def __call__(self) -> dict[str, Any]:
        """The upload address stands in the examples."""
        return {"upload_url": upload_url(self.request)}


@page("web.help_installing", access="anyone")
class HelpInstalling(PageView):
    """How installers use this index, alone or beside PyPI; feeds, and documents for programs."""

    def __call__(self) -> dict[str, Any]:
        """The addresses of this index stand in the examples."""
        settings = self.request.instance.settings
        base = settings.base_url
        return {"index_url": f"{base}/simple/", "base": base, "private": settings.reading == "members"}


@page("web.help_limited_mode", access="anyone")
class HelpLimitedMode(PageView):
    """What somebody without cookies can do, and what a stolen address can't."""


@page("web.accessibility", access="anyone")
class Accessibility(PageView):
    """The accessibility statement (EN 301 549, 12.1)."""


def includeme(config: Any) -> None:
    """Add the routes."""
    config.add_page_route("web.help", "/help/")
    config.add_page_route("web.help_account", "/help/account/")
    config.add_page_route("web.help_two_factor", "/help/two-factor/")
    config.add_page_route("web.help_tokens", "/help/tokens/")
    config.add_page_route("web.help_installing", "/help/installing/")
    config.add_page_route("web.help_limited_mode", "/help/limited-mode/")
    config.add_page_route("web.accessibility", "/accessibility/")
    config.scan(__name__)
