"""Routes of pages and of everything else.

Page routes also work below a language and below a limited-mode handle; all others are 404 there,
so that a proxy rule for `/admin` can't be walked round.
"""

from __future__ import annotations

from typing import Any

from portal.kernel.errors import NotFound

PREFIXED = "doorward.prefixed"


def add_page_route(config: Any, name: str, pattern: str, **options: Any) -> None:
    """A page for people: `name` is package.action, and view, template and test bear the same name."""
    config.registry.page_routes[name] = pattern
    config.add_route(name, pattern, **options)


def add_plain_route(config: Any, name: str, pattern: str, **options: Any) -> None:
    """A route for programs and operators (upload, simple, files, healthz, admin): never below a prefix."""
    config.registry.plain_routes[name] = pattern
    config.add_route(name, pattern, **options)


def refuse_prefix(event: Any) -> None:
    """Answer 404 where a route that is no page was reached below a language or a handle."""
    request = event.request
    route = request.matched_route
    if request.environ.get(PREFIXED) and route is not None and route.name not in request.registry.page_routes:
        raise NotFound


def includeme(config: Any) -> None:
    """Add the two directives."""
    config.registry.page_routes = {}
    config.registry.plain_routes = {}
    config.add_directive("add_page_route", add_page_route)
    config.add_directive("add_plain_route", add_plain_route)
    config.add_subscriber(refuse_prefix, "pyramid.events.ContextFound")
