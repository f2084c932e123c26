"""The list of all routes in docs/urls.md: ``python -m portal.app.routes`` writes it, ``--check`` compares."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.app import assemble
from portal.kernel.paths import PACKAGE
from portal.kernel.settings import Settings

TARGET = PACKAGE.parent / "docs" / "urls.md"
HEAD = """\
# URLs

Made by `make routes` from the routes and views themselves. Pages also work below a language
(`/fr/…`) and, for people signed in without cookies, below a handle (`/~…/`); everything else is 404 there.
*Confirm* says what the form asks for again before it acts, as `either` (password or code) or `both`.

| Path | Route | Page | View | Access | Confirm |
| --- | --- | --- | --- | --- | --- |
"""


def listing(registry: Any) -> str:
    """The Markdown table of the routes of an assembled application."""
    views = {view["route_name"]: view for view in _introspected(registry, "views") if view["route_name"]}
    routes = sorted(_introspected(registry, "routes"), key=lambda route: (route["pattern"], route["name"]))
    return HEAD + "".join(_line(registry, route, views.get(route["name"])) for route in routes)


def _line(registry: Any, route: Any, view: Any) -> str:
    name = route["name"]
    page = "yes" if name in registry.page_routes else "no"
    cells = [f"`{route['pattern']}`", f"`{name}`", page]
    if view is None:
        cells += ["–", "–", "–"]
    else:
        target = view["callable"]
        cells.append(f"`{target.__module__}:{target.__qualname__}`")
        cells += [str(view.get("access") or "signed-in"), str(view.get("confirm") or "–")]
    return f"| {' | '.join(cells)} |\n"


def _introspected(registry: Any, category: str) -> Iterator[Any]:
    return (item["introspectable"] for item in registry.introspector.get_category(category, ()))


def assembled_listing() -> str:
    """The listing of the whole application, put together on an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        application = assemble(Settings(data=Path(folder)))
        try:
            return listing(application.wsgi.registry)
        finally:
            application.instance.database.close()


def main(arguments: list[str]) -> int:
    """Write docs/urls.md, or (`--check`) answer 1 where it differs from the routes."""
    made = assembled_listing()
    if "--check" not in arguments:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(made, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == made:
        return 0
    print("docs/urls.md is not up to date: run `make routes`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
