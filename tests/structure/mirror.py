"""One name in every place: route, view, template, test, entry of the page checks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.structure.sources import ROOT


def pages(root: Path = ROOT) -> dict[str, Any]:
    """The entries of a11y/pages.toml by route."""
    found: dict[str, Any] = tomllib.loads((root / "a11y" / "pages.toml").read_text(encoding="utf-8"))["pages"]
    return found


def introspected(registry: Any, category: str) -> list[Any]:
    """What Pyramid knows of the routes, or of the views."""
    return [item["introspectable"] for item in registry.introspector.get_category(category, ())]


def views(registry: Any) -> dict[str, Any]:
    """The view of every route."""
    return {view["route_name"]: view for view in introspected(registry, "views") if view["route_name"]}


def template_of(registry: Any, view: Any) -> str | None:
    """The template that a view names as its renderer."""
    related = registry.introspector.related(view)
    return next((item["name"] for item in related if item.category_name == "templates"), None)


def class_name(route: str) -> str:
    """The name that the view class of a route bears: `tokens.revoke` gives `Revoke`."""
    return "".join(word.capitalize() for word in route.partition(".")[2].split("_"))


def broken(registry: Any, root: Path = ROOT) -> list[str]:
    """Every place where a route is not mirrored."""
    entries = pages(root)
    routes = {route["name"] for route in introspected(registry, "routes")}
    found = [f"a11y/pages.toml: no route {name}" for name in entries if name not in registry.page_routes]
    for route in sorted(routes):
        found += [f"{route}: {problem}" for problem in problems(registry, route, entries, root)]
    return found


def problems(registry: Any, route: str, entries: dict[str, Any], root: Path) -> Iterator[str]:
    """What one route lacks."""
    package, _, action = route.partition(".")
    is_page = route in registry.page_routes
    if not is_page and route not in registry.plain_routes:
        yield "not added with add_page_route or add_plain_route"
    view = views(registry).get(route)
    if view is None:
        yield "no view"
        return
    target = view["callable"]
    if target.__name__ != class_name(route) or not target.__module__.startswith(f"portal.{package}."):
        yield f"its view is {target.__module__}:{target.__name__} and not {class_name(route)} in portal.{package}"
    if not (root / "tests" / package / f"test_{action}.py").is_file():
        yield f"no tests/{package}/test_{action}.py"
    if is_page:
        yield from page_problems(template_of(registry, view), route, entries, root)


def page_problems(named: str | None, route: str, entries: dict[str, Any], root: Path) -> Iterator[str]:
    """What a page lacks beside its view and its test."""
    template = route.replace(".", "/") + ".pt"
    if named != template:
        yield f"its template is {named} and not {template}"
    if not (root / "templates" / template).is_file():
        yield f"no templates/{template}"
    if route not in entries:
        yield "no entry in a11y/pages.toml"
