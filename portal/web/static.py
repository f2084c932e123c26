"""Static files under a name that holds their hash: cached for a year, never stale, never below a handle."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pyramid.response import Response

from portal.kernel.errors import NotFound
from portal.web.options import PageView, page

ROOT = Path(__file__).resolve().parent / "static"
TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".js": "text/javascript",
    ".ico": "image/x-icon",
    ".txt": "text/plain",
}
HASH_LENGTH = 10
FOREVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """All static files, read once at start: they are few and small."""

    def __init__(self, root: Path = ROOT) -> None:
        self.by_name: dict[str, str] = {}
        self.contents: dict[str, tuple[bytes, str]] = {}
        for path in sorted(root.iterdir()):
            if path.suffix in TYPES:
                body = path.read_bytes()
                hashed = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:HASH_LENGTH]}{path.suffix}"
                self.by_name[path.name] = hashed
                self.contents[hashed] = (body, TYPES[path.suffix])


def static_path(request: Any, name: str) -> str:
    """Where a static file is, without handle or language."""
    return f"/static/{request.registry.static_files.by_name[name]}"


@page("web.static", renderer=None, access="anyone")
class Static(PageView):
    """One static file."""

    def __call__(self) -> Response:
        """The bytes, cacheable for ever. Raises NotFound."""
        found = self.request.registry.static_files.contents.get(self.request.matchdict["name"])
        if found is None:
            raise NotFound
        body, kind = found
        return Response(body, content_type=kind, charset="utf-8", cache_control=FOREVER)


def includeme(config: Any) -> None:
    """Add the route."""
    config.registry.static_files = StaticFiles()
    config.add_request_method(static_path)
    config.add_plain_route("web.static", "/static/{name}")
    config.scan(__name__)
