"""Feeds: the newest releases, the newest projects, the releases of one project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.response import Response

from portal.index.feeds import Feed, Item, rss
from portal.index.models import ROOT
from portal.index.reading import newest_projects, newest_releases, newest_releases_of
from portal.index.views.whole import edition_of, revalidated
from portal.kernel.words import _
from portal.projects.models import Project, Release
from portal.projects.names import normalize
from portal.web.options import PageView, page

IN_FEEDS = 40
"""So many entries at most: who reads a feed looks more often than as many are released."""
KIND = "application/rss+xml; charset=utf-8"


class FeedView(PageView):
    """A feed in the reader's language."""

    name = ROOT
    """The project whose changes change the feed."""

    def __call__(self) -> Response:
        """The document, or 304 where the reader has it."""
        edition = edition_of(self.work, self.name, type(self).__name__, self.request.locale_name)
        return revalidated(self.request, edition, lambda: rss(self.feed(), self.items()), KIND, "Accept-Language")

    def feed(self) -> Feed:
        """What the feed says of itself."""
        raise NotImplementedError

    def items(self) -> Iterable[Item]:
        """Its entries, newest first."""
        raise NotImplementedError

    def about(self, title: Any, link: str) -> Feed:
        """A feed with a translated title, which follows the page at `link`."""
        told = self.request.localizer.translate(title)
        return Feed(told, link, told, self.request.locale_name)

    def url(self, *parts: str) -> str:
        """The absolute address of a project or a release."""
        return self.work.settings.base_url + "".join(f"/{part}" for part in ("project", *parts)) + "/"

    def release(self, project: Project, release: Release) -> Item:
        """The entry of a release."""
        link = self.url(project.normalized, release.version)
        return Item(f"{project.name} {release.version}", link, release.summary, release.created_at)


@page("index.updates_feed", renderer=None, access="anyone", reading=True)
class UpdatesFeed(FeedView):
    """The newest releases of all projects."""

    def feed(self) -> Feed:
        """Titled as a list of releases."""
        return self.about(_("Newest releases"), f"{self.work.settings.base_url}/")

    def items(self) -> Iterable[Item]:
        """One a release."""
        return [self.release(project, release) for project, release in newest_releases(self.work, IN_FEEDS)]


@page("index.packages_feed", renderer=None, access="anyone", reading=True)
class PackagesFeed(FeedView):
    """The newest projects."""

    def feed(self) -> Feed:
        """Titled as a list of projects."""
        return self.about(_("Newest projects"), f"{self.work.settings.base_url}/")

    def items(self) -> Iterable[Item]:
        """One a project."""
        return [
            Item(project.name, self.url(project.normalized), "", project.created_at)
            for project in newest_projects(self.work, IN_FEEDS)
        ]


@page("index.releases_feed", renderer=None, access="anyone", reading=True)
class ReleasesFeed(FeedView):
    """The releases of one project. Raises NotFound."""

    def __call__(self) -> Response:
        """The feed of the project as it is now, at the address of the normalized name only."""
        asked = self.request.matchdict["name"]
        self.name = normalize(asked)
        if self.name != asked:
            return HTTPMovedPermanently(self.request.route_path("index.releases_feed", name=self.name))
        self.project, self.releases = newest_releases_of(self.work, self.name, IN_FEEDS)
        return super().__call__()

    def feed(self) -> Feed:
        """Titled with the name of the project."""
        title = _("Releases of ${project}", mapping={"project": self.project.name})
        return self.about(title, self.url(self.project.normalized))

    def items(self) -> Iterable[Item]:
        """One a release, newest first."""
        return [self.release(self.project, release) for release in self.releases]
