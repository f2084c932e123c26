"""`/rss/updates.xml`: the newest releases."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from portal.kernel.work import Instance
from tests.index.shelf import add_file, set_status
from tests.support.clock import FixedClock
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
