"""What a request offers to views and templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from portal.kernel.commands import command
from portal.kernel.settings import Settings
from portal.kernel.words import DOMAIN
from portal.kernel.work import Actor, Instance, Work

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HANDLE = "doorward.handle"
LOCALE = "doorward.locale"
PATH_SAFE = "/~!$&'()*+,;=:@"
"""What may stand unquoted in a path (RFC 3986 §3.3)."""


def instance(request: Any) -> Instance:
    """The running instance."""
    found: Instance = request.registry.instance
    return found


def work(request: Any) -> Work:
    """The request's unit of work: committed by the transaction tween, for an actor not signed in yet."""
    actor = Actor(
        address=request.remote_addr or "", browser=browser_family(request.user_agent or ""), locale=request.asked_locale
    )
    opened = request.instance.open(actor, write=request.method not in SAFE)
    request.add_finished_callback(lambda _request: opened.db.close())
    return opened


def browser_family(agent: str) -> str:
    """Browser and system in the words a person knows them by ("Firefox on Linux"); empty where unknown."""
    names = (
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    more = (
        ("Lynx/", "Lynx"),
        ("w3m/", "w3m"),
        ("ELinks/", "ELinks"),
        ("Links ", "Links"),
        ("twine/", "twine"),
        ("poetry/", "poetry"),
        ("pdm/", "pdm"),
        ("Hatch/", "Hatch"),
        ("uv/", "uv"),
        ("pip/", "pip"),
        ("python-requests/", "python-requests"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in names + more if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{browser} on {system}" if browser and system else browser or system


def page_path(request: Any, route: str, **parts: Any) -> str:
    """A link to a page, below the same handle and language as this one."""
    path: str = request.route_path(route, **parts)
    return path


def action_path(request: Any, route: str, **parts: Any) -> str:
    """Where a form is sent: the same without the handle, which travels in the body."""
    base = request.instance.settings.base_url
    path: str = request.route_url(route, _app_url=base, **parts).removeprefix(base)
    language = request.environ.get(LOCALE, "")
    return f"/{language}{path}" if language and route in request.registry.page_routes else path


def public_url(request: Any, route: str, **parts: Any) -> str:
    """An absolute link for letters, canonical links and programs: no handle, no language."""
    url: str = request.route_url(route, _app_url=request.instance.settings.base_url, **parts)
    return url


def plain_path(request: Any) -> str:
    """The same page without the handle, with its language."""
    language = request.environ.get(LOCALE, "")
    query = request.environ.get("QUERY_STRING", "")
    # Quoted again: a decoded line break or letter can't stand in a header.
    path = quote(request.path_info, safe=PATH_SAFE) + (f"?{query}" if query else "")
    return f"/{language}{path}" if language else path


def canonical(request: Any) -> str:
    """The address of this page for everybody else, where its own must not be passed on; else nothing (RFC 6596)."""
    below = HANDLE in request.environ and request.method == "GET"
    return request.instance.settings.base_url + plain_path(request) if below else ""


def plural(request: Any, one: str, many: str, count: int, **values: Any) -> str:
    """One of two sentences by the language's own plural rule; `${count}` stands for the number."""
    text: str = request.localizer.pluralize(one, many, count, domain=DOMAIN, mapping={"count": count, **values})
    return text


def tell(request: Any, sentence: Any) -> None:
    """Keep a result for the title of the next page. Without a session nothing can be kept."""
    request.results.append(sentence)


def letters_command(request: Any) -> str:
    """The command that shows the newest letters, as the start-up message names it."""
    settings: Settings = request.instance.settings
    return command("letters", settings.data)


def includeme(config: Any) -> None:
    """Add the methods."""
    config.add_request_method(instance, reify=True)
    config.add_request_method(work, reify=True)
    for method in (page_path, action_path, public_url, canonical, plural, tell):
        config.add_request_method(method)
    config.add_request_method(letters_command, property=True)
    config.add_request_method(lambda request: [], "results", reify=True)
    config.add_request_method(lambda request: [], "gates", reify=True)
    config.add_request_method(lambda request: {}, "hidden", reify=True)
    for flag in ("resumed", "opened_before", "asks"):
        config.add_request_method(lambda request: False, flag, reify=True)
