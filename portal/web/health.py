"""`/healthz`: the process answers. `/readyz`: it reaches its database."""

from __future__ import annotations

from typing import Any

from pyramid.response import Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.web.options import PageView, page


@page("web.healthz", renderer=None, access="anyone")
class Healthz(PageView):
    """Alive."""

    def __call__(self) -> Response:
        """Always 200."""
        return Response("ok\n", content_type="text/plain")


@page("web.readyz", renderer=None, access="anyone")
class Readyz(PageView):
    """Able to serve."""

    def __call__(self) -> Response:
        """200, or 503 while the database can't be reached."""
        try:
            self.work.db.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return Response("no database\n", status=503, content_type="text/plain")
        return Response("ready\n", content_type="text/plain")


def includeme(config: Any) -> None:
    """Add both routes."""
    config.add_plain_route("web.healthz", "/healthz")
    config.add_plain_route("web.readyz", "/readyz")
    config.scan(__name__)
