"""The Simple API: `/simple/` and `/simple/NAME/`, as HTML and as JSON."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.response import Response

from portal.index import service
from portal.index.models import ROOT
from portal.index.views.stored import Wish, answer, wish
from portal.kernel.errors import NotFound
from portal.kernel.words import _
from portal.projects.names import normalize
from portal.web.options import PageView, page

A_DAY = "public, max-age=86400"


@page("index.simple_root", renderer=None, access="anyone", reading=True)
class SimpleRoot(PageView):
    """The list of all projects."""

    name = ROOT

    def __call__(self) -> Response:
        """The stored page in the best format and encoding for the client, or 304."""
        headers = self.request.headers
        wished = wish(headers.get("Accept"), headers.get("Accept-Encoding"), self.request.GET.get("format"))
        try:
            return sent(self.request, self.name, wished)
        except NotFound:
            return no_such_project(self.request)


@page("index.simple_project", renderer=None, access="anyone", reading=True)
class SimpleProject(SimpleRoot):
    """The files of one project."""

    def __call__(self) -> Response:
        """The same, at the address of the normalized name only (PEP 503)."""
        asked = self.request.matchdict["name"]
        self.name = normalize(asked)
        if self.name != asked:
            path = self.request.route_path("index.simple_project", name=self.name, _query=self.request.GET)
            return HTTPMovedPermanently(path, cache_control=A_DAY, vary="Accept")
        return super().__call__()


def sent(request: Any, name: str, wished: Wish) -> Response:
    """A stored page, or 304 where the client has it. Raises NotFound."""
    found = service.page(request.work, name, wished.kind, compressed=wished.compressed)
    told = answer(found, wished, request.headers, request.work.now)
    return Response(status=told.status, headerlist=list(told.headers.items()), app_iter=told.body)


def as_not_modified(response: Response) -> Response:
    """The same as 304, without a body or what describes one."""
    response.status_int = 304
    del response.content_type
    del response.content_length
    return response


def no_such_project(request: Any) -> Response:
    """A short 404: an installer shows none of it, a person all."""
    sentence = request.localizer.translate(_("There is no project of this name on this index."))
    return Response(sentence + "\n", status=404, content_type="text/plain", charset="utf-8")
