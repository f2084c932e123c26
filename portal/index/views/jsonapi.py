"""The JSON API of projects and releases."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.response import Response

from portal.index.jsonapi import as_json, release_json
from portal.index.reading import one_release
from portal.index.views.simple import A_DAY, sent
from portal.index.views.stored import DOCUMENT, document_wish
from portal.index.views.whole import edition_of, revalidated
from portal.kernel.errors import NotFound
from portal.projects.names import normalize
from portal.web.options import PageView, page

NOT_FOUND = b'{"message": "Not Found"}'


@page("index.project_json", renderer=None, access="anyone", reading=True)
class ProjectJson(PageView):
    """The latest release of a project, and the files of all its releases."""

    def __call__(self) -> Response:
        """The document, 304 where the client has it, 404 as JSON, or 301 to the normalized name."""
        asked = self.request.matchdict
        name = normalize(asked["name"])
        if name != asked["name"]:
            right = {**asked, "name": name, "slash": ""}
            path = self.request.route_path(self.request.matched_route.name, **right)
            return HTTPMovedPermanently(path, cache_control=A_DAY)
        try:
            return self.answer(name)
        except NotFound:
            return Response(NOT_FOUND, status=404, content_type=DOCUMENT)

    def answer(self, name: str) -> Response:
        """The stored document, or 304. Raises NotFound."""
        return sent(self.request, name, document_wish(self.request.headers.get("Accept-Encoding")))


@page("index.release_json", renderer=None, access="anyone", reading=True)
class ReleaseJson(ProjectJson):
    """One release of a project, in any spelling of its version (PEP 440)."""

    def answer(self, name: str) -> Response:
        """The document, made for this request, or 304. Raises NotFound."""
        found = one_release(self.work, name, self.request.matchdict["version"])
        edition = edition_of(self.work, name, found.release.version)

        def make() -> bytes:
            return as_json(release_json(found, self.work.settings.base_url, edition.serial))

        response = revalidated(self.request, edition, make, DOCUMENT)
        response.headers["X-PyPI-Last-Serial"] = str(edition.serial)
        return response
