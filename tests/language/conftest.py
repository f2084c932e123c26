"""A small application with languages of its own."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from webtest import TestApp

LANGUAGES = {"en": "en", "ar": "ar", "fr": "fr", "pt-BR": "pt_BR", "en-XA": "en_XA"}

Look = Callable[[Any], str]


class Reader:
    """A browser in front of an application whose only pages show what `look` sees in a request."""

    def __init__(self) -> None:
        self.person: Any = None
        self.look: Look = lambda request: request.locale_name

    def view(self, request: Any) -> Response:
        """Both pages."""
        return Response(self.look(request))

    def application(self, languages: dict[str, str]) -> Any:
        """The WSGI application: one page route, one that is no page."""
        config = Configurator()
        config.include("portal.web.requests")
        config.include("portal.web.routes")
        config.include("portal.language")
        config.registry.languages = languages
        config.add_request_method(lambda _request: self.person, "person", property=True)
        config.add_page_route("shelf.book", "/shelf/{book}/")
        config.add_plain_route("shelf.json", "/json")
        for route in ("shelf.book", "shelf.json"):
            config.add_view(self.view, route_name=route)
        return config.make_wsgi_app()

    def get(self, path: str = "/shelf/one/", *, prefix: str = "", handle: str = "", **headers: str) -> Any:
        """A page, asked for below a language and a handle as the edge hands them on."""
        return self.send("GET", path, prefix=prefix, handle=handle, **headers)

    def post(self, path: str = "/shelf/one/", *, prefix: str = "") -> Any:
        """The same by POST."""
        return self.send("POST", path, prefix=prefix)

    def send(self, method: str, path: str, *, prefix: str = "", handle: str = "", **headers: str) -> Any:
        """One request."""
        environ = {"REQUEST_METHOD": method}
        if prefix:
            environ["doorward.locale"] = prefix
        if handle:
            environ["doorward.handle"] = handle
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return TestApp(self.application(LANGUAGES)).get(path, headers=said, extra_environ=environ)

    def stores(self, locale: str) -> None:
        """Be a person who has chosen this language."""
        self.person = SimpleNamespace(locale=locale)


@pytest.fixture
def reader() -> Reader:
    """A reader, not signed in."""
    return Reader()
