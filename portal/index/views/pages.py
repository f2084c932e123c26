"""Pages for people: home, a project, a release, a person."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently

from portal.index.links import external_links
from portal.index.reading import ReleasePage, latest_page, newest_releases, person, release_page
from portal.index.simple import file_url
from portal.index.told import authors, keywords, withdrawn
from portal.projects.models import OWNER
from portal.projects.names import normalize
from portal.projects.releases.service import reason_of
from portal.web.csp import POLICY_WITH_IMAGES
from portal.web.options import PageView, page

LICENSE_LENGTH = 100
NEWEST = 10
HISTORY = 100
"""So many releases are listed on the page of one of them: a list of thousands helps nobody on a slow line."""


@page("index.home", access="anyone")
class Home(PageView):
    """What this is, how to install from it, what is new."""

    def __call__(self) -> dict[str, Any]:
        """The newest releases, for whoever may see them."""
        return {"newest": newest_releases(self.work, NEWEST) if self.request.may_browse else []}


@page("index.project", access="anyone", reading=True)
class Project(PageView):
    """The latest release of a project."""

    def __call__(self) -> Any:
        """The page, at the address of the normalized name only."""
        asked = self.request.matchdict["name"]
        name = normalize(asked)
        if name != asked:
            return HTTPMovedPermanently(self.request.page_path("index.project", name=name))
        allow_images(self.request)
        return shown(self.request, latest_page(self.work, name))


@page("index.release", access="anyone", reading=True)
class Release(PageView):
    """One release of a project."""

    def __call__(self) -> Any:
        """The page, at the address of the normalized name and the version as it is shown."""
        asked = self.request.matchdict["name"], self.request.matchdict["version"]
        found = release_page(self.work, *asked)
        right = found.project.normalized, found.release.version
        if right != asked:
            return HTTPMovedPermanently(self.request.page_path("index.release", name=right[0], version=right[1]))
        allow_images(self.request)
        return shown(self.request, found)


@page("index.user", access="anyone", reading=True)
class User(PageView):
    """A person's projects."""

    def __call__(self) -> Any:
        """The page, at the address of the name as the person writes it."""
        asked = self.request.matchdict["name"]
        username, held = person(self.work, asked)
        if username != asked:
            return HTTPMovedPermanently(self.request.page_path("index.user", name=username))
        return {"username": username, "rows": [(project, role == OWNER) for project, role in held]}


def allow_images(request: Any) -> None:
    """Let the page show what its description names, where the operator allows images from anywhere."""
    if request.instance.settings.description_images:
        request.response.headers["Content-Security-Policy"] = POLICY_WITH_IMAGES


def shown(request: Any, found: ReleasePage) -> dict[str, Any]:
    """The variables of both templates."""
    settings = request.instance.settings
    metadata = found.release.core_metadata
    index = f"{settings.base_url}/simple/"
    return {
        "page": found,
        "history": found.releases[:HISTORY],
        "all_files": request.public_url("index.simple_project", name=found.project.normalized),
        "install": f"pip install --index-url {index} {found.project.normalized}=={found.release.version}",
        "links": external_links(settings, metadata),
        "license": license_name(metadata),
        "authors": authors(metadata),
        "keywords": keywords(metadata),
        "withdrawn": withdrawn(found),
        "reason": reason_of(found.files),
        "manages": manages(request, found),
        "file_url": file_url,
    }


def manages(request: Any, found: ReleasePage) -> bool:
    """Whether the reader has a role in the project. Pages are kept by no cache, so nobody else gets this one."""
    person = request.person
    return person is not None and person.username in {member.username for member in found.members}


def license_name(metadata: dict[str, Any]) -> str:
    """The licence in a few words; empty where a whole text stands in its place, or nothing."""
    said = str(metadata.get("license_expression") or metadata.get("license") or "").strip()
    return said if len(said) <= LICENSE_LENGTH and "\n" not in said else ""
