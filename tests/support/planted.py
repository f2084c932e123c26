"""The application with more views than the product has, for what no page of it does on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pyramid.config import Configurator

from portal.app import PACKAGES, Application
from portal.app.edge import Edge
from portal.audit.service import Record
from portal.web.options import PageView
from tests.support.instances import Bed


def build(bed: Bed, include: Callable[[Any], None]) -> Application:
    """The application with what `include(config)` adds, on the same database, clock and data directory."""
    instance = replace(bed.application.instance, recorder=Record(), ports={})
    config = Configurator(settings={"pyramid.includes": []})
    config.registry.instance = instance
    config.add_directive("subscribe_event", lambda _config, *_arguments: None)
    for package in PACKAGES:
        config.include(f"portal.{package}")
    config.include(include)
    return Application(instance, Edge(config.make_wsgi_app(), instance.settings, config.registry))


def with_page(bed: Bed, look: Callable[[Any], Any], *, template: str | None = None) -> Application:
    """The application with a page at /planted/ that anyone may read; `look(request)` gives what its view returns."""

    class Planted(PageView):
        def __call__(self) -> Any:
            return look(self.request)

    def include(config: Any) -> None:
        config.add_page_route("planted.page", "/planted/")
        config.add_view(Planted, route_name="planted.page", renderer=template, access="anyone")

    return build(bed, include)
