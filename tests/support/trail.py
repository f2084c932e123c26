"""A browser that remembers every page it has seen, and can follow every link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from pyramid.interfaces import IRoutesMapper
from pyramid.request import Request

from portal.app import Application
from tests.support.site import Site

HANDLE = re.compile(r"/~[a-z2-7]{26}(?=/|$)")
MOST_PAGES = 300


class Trail(Site):
    """`answers` holds every answer, redirects included, in their order."""

    def __init__(self, application: Application, **options: Any) -> None:
        super().__init__(application, **options)
        self.answers: list[Any] = []

    def do_request(self, req: Any, *args: Any, **options: Any) -> Any:
        """Send one request and remember its answer. No status is unexpected."""
        answer = super().do_request(req, expect_errors=True)
        self.answers.append(answer)
        return answer

    def open(self, path: str) -> Any:
        """Go to an address and follow its redirects."""
        answer = self.get(path)
        while 300 <= answer.status_int < 400:
            answer = answer.follow()
        return answer

    def crawl(self, *starts: str, within: str = "/") -> None:
        """Read every page whose address begins so and that can be reached by links from these addresses."""
        waiting, known = list(starts), set(starts)
        while waiting:
            answer = self.open(waiting.pop(0))
            for link in links(answer):
                if link not in known and link.startswith(within):
                    known.add(link)
                    waiting.append(link)
            assert len(known) < MOST_PAGES, sorted(known)

    @property
    def pages(self) -> list[Any]:
        """The answers that are pages for people."""
        return [
            answer for answer in self.answers if answer.content_type == "text/html" and answer.status_int not in MOVED
        ]

    @property
    def routes(self) -> set[str]:
        """The routes whose pages were seen."""
        return {self.route_of(answer) for answer in self.pages if answer.status_int == 200}

    def route_of(self, answer: Any) -> str:
        """The name of the route that answered; empty where none did."""
        return self.route_at(answer.request.environ["PATH_INFO"])

    def route_at(self, path: str) -> str:
        """The name of the route at an address without handle and language; empty where there is none."""
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "HTTP_HOST": "x"}
        route = self.application.wsgi.registry.getUtility(IRoutesMapper)(Request(environ))["route"]
        return route.name if route else ""


MOVED = range(300, 400)


def links(answer: Any) -> Iterator[str]:
    """The addresses of this site that a page links to, without fragments, in their order."""
    if answer.content_type != "text/html" or not answer.body:
        return
    for tag in answer.html.select("a[href]"):
        url = urldefrag(urljoin(answer.request.url, tag["href"])).url
        parts = urlsplit(url)
        if parts.netloc == urlsplit(answer.request.url).netloc and parts.scheme in {"http", "https"}:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def addresses(answer: Any) -> Iterator[str]:
    """Every address that a page names, as it is written, and where an answer redirects to."""
    if "Location" in answer.headers:
        yield answer.headers["Location"]
    if answer.content_type == "text/html" and answer.body:
        for name in ("href", "src", "action", "content"):
            yield from (tag[name] for tag in answer.html.select(f"[{name}]"))


def forms(answers: Iterable[Any]) -> dict[str, Any]:
    """One form for each address that forms of these pages are sent to; that for signing out is left out."""
    found: dict[str, Any] = {}
    for answer in answers:
        for form in answer.forms.values() if answer.content_type == "text/html" and answer.body else ():
            if form.method.upper() == "POST" and not form.action.endswith("/account/logout/"):
                found.setdefault(form.action, form)
    return found
