"""`/rss/updates.xml`: the newest releases."""

from __future__ import annotations

import gzip
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from webob import Request

from portal.index.views.feeds import IN_FEEDS
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.releases import service as releases
from tests.index.shelf import add_file, second, set_status, uploader
from tests.support.clock import NOON, FixedClock
from tests.support.site import Site

FEED = "/rss/updates.xml"


def channel(site: Site, path: str = FEED, **headers: str) -> Element:
    """The channel of a feed that is well-formed."""
    answer = site.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    found = fromstring(answer.body).find("channel")
    assert found is not None
    return found


def texts(found: Element, path: str) -> list[str | None]:
    return [element.text for element in found.findall(path)]


def test_it_lists_releases_newest_first(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance, version="1.0", summary="First.")
    clock.advance(timedelta(minutes=1))
    add_file(instance, version="2.0", summary="Second & <last>.")
    found = channel(site)
    assert texts(found, "item/title") == ["Sample_Project 2.0", "Sample_Project 1.0"]
    assert texts(found, "item/description") == ["Second & <last>.", "First."]
    assert texts(found, "item/link")[0] == "http://localhost/project/sample-project/2.0/"
    [newest, _older] = found.findall("item/pubDate")
    assert parsedate_to_datetime(str(newest.text)) == clock.now()


def test_it_says_what_it_is_in_the_language_of_the_reader(site: Site) -> None:
    found = channel(site)
    assert found.findtext("title") == "Newest releases"
    assert found.findtext("language") == "en"


def test_what_xml_cannot_write_is_left_out(instance: Instance, site: Site) -> None:
    add_file(instance, summary="odd\x0b\x1f\ufffe signs")
    assert texts(channel(site), "item/description") == ["odd signs"]


def test_a_project_in_quarantine_is_not_in_it(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    assert channel(site).findall("item") == []


def test_who_has_it_already_gets_304(instance: Instance, site: Site) -> None:
    add_file(instance)
    answer: Any = site.get(FEED)
    site.get(FEED, headers={"If-None-Match": answer.headers["ETag"]}, status=304)


def test_it_holds_a_bounded_number_of_releases_and_reads_no_more(instance: Instance, site: Site) -> None:
    owner = uploader(instance)
    for number in range(IN_FEEDS + 2):
        add_file(instance, version=f"{number}.0", owner=owner)
    assert len(channel(site).findall("item")) == IN_FEEDS


def test_a_date_answers_304_until_something_changes(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance)
    assert "Last-Modified" not in site.get(FEED).headers
    clock.advance(timedelta(seconds=2))
    modified = site.get(FEED).headers["Last-Modified"]
    assert modified == second(NOON)
    assert site.get(FEED, headers={"If-Modified-Since": modified}, status=304).body == b""
    add_file(instance, name="other")
    assert len(texts(channel(site, If_Modified_Since=modified), "item")) == 2


def test_what_is_deleted_changes_the_date(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance, name="kept")
    add_file(instance)
    clock.advance(timedelta(minutes=1))
    with instance.work() as work:
        releases.delete_project(work, projects.find(work, "sample-project"), by=uploader(instance))
    clock.advance(timedelta(minutes=1))
    answer = site.get(FEED, headers={"If-Modified-Since": second(NOON + timedelta(seconds=2))}, status=200)
    assert answer.headers["Last-Modified"] == second(NOON + timedelta(minutes=1))


def test_a_cache_keeps_one_for_each_language_and_asks_before_use(site: Site) -> None:
    answer = site.get(FEED)
    assert "Accept-Language" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert site.head(FEED).body == b""


def test_it_is_packed_for_who_takes_it(instance: Instance, site: Site) -> None:
    owner = uploader(instance)
    for number in range(3):
        add_file(instance, version=f"{number}.0", owner=owner)
    asked = Request.blank(FEED, headers={"Accept-Encoding": "gzip"}, environ=dict(site.extra_environ))
    packed = asked.get_response(site.app)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == site.get(FEED).body
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert {"Accept-Encoding", "Accept-Language"} <= set(site.get(FEED, headers=again, status=304).vary)
