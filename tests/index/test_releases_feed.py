"""`/rss/project/NAME/releases.xml`: the releases of one project."""

from __future__ import annotations

from datetime import timedelta

from portal.kernel.work import Instance
from tests.index.shelf import add_file, set_status
from tests.index.test_updates_feed import channel, texts
from tests.support.clock import FixedClock
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
