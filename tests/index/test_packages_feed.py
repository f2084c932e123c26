"""`/rss/packages.xml`: the newest projects."""

from __future__ import annotations

from datetime import timedelta

from portal.kernel.work import Instance
from portal.projects import service as projects
from tests.index.shelf import add_file, set_status, uploader
from tests.index.test_updates_feed import channel, texts
from tests.support.clock import FixedClock
from tests.support.site import Site

FEED = "/rss/packages.xml"


def test_it_lists_each_project_once_newest_first(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance, name="First")
    clock.advance(timedelta(minutes=1))
    add_file(instance, name="Second")
    clock.advance(timedelta(minutes=1))
    add_file(instance, name="First", version="2.0")
    found = channel(site, FEED)
    assert texts(found, "item/title") == ["Second", "First"]
    assert texts(found, "item/guid")[0] == "http://localhost/project/second/"


def test_a_project_in_quarantine_is_not_in_it(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    assert channel(site, FEED).findall("item") == []


def test_a_project_without_a_page_is_not_in_it(instance: Instance, site: Site) -> None:
    with instance.work() as work:
        projects.create(work, "empty", uploader(instance))
    assert channel(site, FEED).findall("item") == []
