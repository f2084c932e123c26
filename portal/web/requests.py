"""What a request offers to views and templates."""

from __future__ import annotations

from typing import Any

from portal.kernel.words import DOMAIN
from portal.kernel.work import Actor, Instance, Work

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HANDLE = "doorward.handle"
LOCALE = "doorward.locale"


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


def plural(request: Any, one: str, many: str, count: int, **values: Any) -> str:
    """One of two sentences by the language's own plural rule; `${count}` stands for the number."""
    text: str = request.localizer.pluralize(one, many, count, domain=DOMAIN, mapping={"count": count, **values})
    return text


def tell(request: Any, sentence: Any) -> None:
    """Keep a result for the title of the next page. Without a session nothing can be kept."""
    request.results.append(sentence)


def includeme(config: Any) -> None:
    """Add the methods."""
    config.add_request_method(instance, reify=True)
    config.add_request_method(work, reify=True)
    for method in (page_path, action_path, public_url, plural, tell):
        config.add_request_method(method)
    config.add_request_method(lambda request: [], "results", reify=True)
    config.add_request_method(lambda request: [], "gates", reify=True)
    config.add_request_method(lambda request: {}, "hidden", reify=True)
    for flag in ("resumed", "opened_before"):
        config.add_request_method(lambda request: False, flag, reify=True)
