"""The JSON API of projects and releases."""

from __future__ import annotations

import json
from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.response import Response

from portal.index import service
from portal.index.jsonapi import project_json
from portal.index.reading import ReleasePage, latest_page, release_page
from portal.index.views.whole import revalidated
from portal.kernel.errors import NotFound
from portal.projects.names import normalize
from portal.web.options import PageView, page

KIND = "application/json"
NOT_FOUND = b'{"message": "Not Found"}'


@page("index.project_json", renderer=None, access="anyone", reading=True)
class ProjectJson(PageView):
    """The latest release of a project, and the files of all its releases."""

    all_releases = True

    def __call__(self) -> Response:
        """The document, 304 where the client has it, 404 as JSON, or 301 to the normalized name."""
        asked = self.request.matchdict["name"]
        if normalize(asked) != asked:
            path = self.request.route_path(
                self.request.matched_route.name, **{**self.request.matchdict, "name": normalize(asked)}
            )
            return HTTPMovedPermanently(path)
        try:
            found = self.found(asked)
        except NotFound:
            return Response(NOT_FOUND, status=404, content_type=KIND)
        serial = service.serial(self.work, asked)
        return self.answer(project_json(found, self.work.settings.base_url, serial, all_releases=self.all_releases))

    def found(self, name: str) -> ReleasePage:
        """What is told of. Raises NotFound."""
        return latest_page(self.work, name)

    def answer(self, told: dict[str, Any]) -> Response:
        """The document, or 304."""
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        return revalidated(self.request, body, KIND, **{"X-PyPI-Last-Serial": str(told["last_serial"])})


@page("index.release_json", renderer=None, access="anyone", reading=True)
class ReleaseJson(ProjectJson):
    """One release of a project."""

    all_releases = False

    def found(self, name: str) -> ReleasePage:
        """The release of this version, in any spelling (PEP 440). Raises NotFound."""
        return release_page(self.work, name, self.request.matchdict["version"])
