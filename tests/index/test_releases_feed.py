"""`/rss/project/NAME/releases.xml`: the releases of one project."""

from __future__ import annotations

from datetime import timedelta

from portal.index.views.feeds import IN_FEEDS
from portal.kernel.work import Instance
from tests.index.shelf import add_file, second, set_status, uploader
from tests.index.test_updates_feed import channel, texts
from tests.support.clock import NOON, FixedClock
from tests.support.site import Site

FEED = "/rss/project/sample-project/releases.xml"


def test_it_lists_the_releases_of_this_project_only_newest_first(
    instance: Instance, site: Site, clock: FixedClock
) -> None:
    add_file(instance, version="2.0")
    clock.advance(timedelta(minutes=1))
    add_file(instance, version="1.5")
    add_file(instance, name="Other")
    found = channel(site, FEED)
    assert texts(found, "item/title") == ["Sample_Project 1.5", "Sample_Project 2.0"]
    assert found.findtext("title") == "Releases of Sample_Project"


def test_an_unknown_project_and_one_in_quarantine_are_not_found(instance: Instance, site: Site) -> None:
    site.get(FEED, status=404)
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    site.get(FEED, status=404)


def test_another_spelling_leads_to_the_normalized_name(instance: Instance, site: Site) -> None:
    add_file(instance)
    assert site.get("/rss/project/Sample.Project/releases.xml", status=301).location == "http://localhost" + FEED


def test_it_holds_the_newest_of_many_releases(instance: Instance, site: Site, clock: FixedClock) -> None:
    owner = uploader(instance)
    for number in range(IN_FEEDS + 2):
        clock.advance(timedelta(minutes=1))
        add_file(instance, version=f"{number}.0", owner=owner)
    titles = texts(channel(site, FEED), "item/title")
    assert (titles[0], titles[-1], len(titles)) == (f"Sample_Project {IN_FEEDS + 1}.0", "Sample_Project 2.0", IN_FEEDS)


def test_only_changes_of_this_project_change_its_date(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance)
    clock.advance(timedelta(minutes=1))
    add_file(instance, name="other")
    clock.advance(timedelta(minutes=1))
    assert site.get(FEED).headers["Last-Modified"] == second(NOON)
    assert site.get(FEED, headers={"If-Modified-Since": second(NOON)}, status=304).body == b""
