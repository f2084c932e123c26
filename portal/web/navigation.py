"""Menus: where one can go from every page. An address that is not built yet is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.kernel.words import TranslationString, _, _p

REGISTER = "/account/register/"
PROJECTS = "/manage/projects/"
PROJECT_PAGES = ("/manage/project/", PROJECTS)

MENUS: dict[str, tuple[tuple[str, TranslationString], ...]] = {
    "home": (("/", _p("menu", "Home")),),
    "search": (("/search/", _p("menu", "Search")),),
    "entrance": (("/account/login/", _("Sign in")), (REGISTER, _p("menu", "Register"))),
    "forgotten": (("/account/reset-password/", _("Forgotten your password?")),),
    "person": (("/manage/account/", _("Your account")),),
    "account": (
        ("/manage/account/", _p("menu", "Overview")),
        (PROJECTS, _p("menu", "Projects")),
        ("/manage/account/tokens/", _("API tokens")),
        ("/manage/account/two-factor/", _("Two-factor authentication")),
        ("/manage/account/password/", _p("menu", "Password")),
        ("/manage/account/emails/", _("E-mail addresses")),
        ("/manage/account/sessions/", _("Where you are signed in")),
        ("/manage/account/history/", _("Security history")),
        ("/manage/account/language/", _p("menu", "Language")),
        ("/manage/account/close/", _("Close your account")),
    ),
    "help": (("/help/", _p("menu", "Help")), ("/accessibility/", _p("menu", "Accessibility"))),
}


@dataclass(frozen=True)
class Link:
    """One entry of a menu; `current` is the value of `aria-current`, None where the reader is elsewhere."""

    path: str
    label: TranslationString
    current: str | None


def links(request: Any, menu: str) -> list[Link]:
    """The entries of one menu, below the same handle and language as this page.

    Registration is offered where anybody may register.
    """
    routes = {pattern: name for name, pattern in request.registry.page_routes.items()}
    closed = request.instance.settings.registers != "open"
    here = _pattern(request)
    found = []
    for pattern, label in MENUS[menu]:
        if pattern in routes and not (pattern == REGISTER and closed):
            current = "page" if here == pattern else "true" if section(here) == pattern else None
            found.append(Link(request.page_path(routes[pattern]), label, current))
    return found


def _pattern(request: Any) -> str:
    """The address pattern of this page; empty where no route was found."""
    route = getattr(request, "matched_route", None)
    return route.pattern if route is not None else ""


def section(pattern: str) -> str:
    """The account page to which a page below it belongs: `/manage/account/tokens/add/` to `/manage/account/tokens/`."""
    if pattern.startswith(PROJECT_PAGES):
        return PROJECTS
    parts = pattern.split("/")
    return "/".join(parts[:4]) + "/" if pattern.startswith("/manage/account/") and len(parts) > 5 else ""


def form_page(request: Any) -> str | None:
    """The page whose form was sent here; None where there is no such page. It keeps handle and language."""
    route = getattr(request, "matched_route", None)
    if request.method != "POST" or route is None or route.name not in request.registry.page_routes:
        return None
    path: str = request.page_path(route.name, **request.matchdict)
    return path


def contact(request: Any) -> str | None:
    """The address of the people who run the index, as a link target; None where none is set."""
    text: str = request.instance.settings.contact
    return f"mailto:{text}" if "@" in text and ":" not in text else text or None


def includeme(config: Any) -> None:
    """Add the request methods."""
    config.add_request_method(links)
    config.add_request_method(form_page)
    config.add_request_method(contact, reify=True)
