"""The home page."""

from __future__ import annotations

from datetime import timedelta

from portal.index.reading import NEWEST
from portal.kernel.work import Instance
from tests.index.shelf import add_file, set_status
from tests.support.clock import FixedClock
from tests.support.site import Site


def test_it_says_how_to_install_from_here(instance: Instance, site: Site) -> None:
    page = site.get("/")
    assert "pip install --index-url" in page.text
    assert f"{instance.settings.base_url}/simple/ NAME" in page.text


def test_an_empty_index_has_no_list_of_releases(site: Site) -> None:
    assert "Newest releases" not in site.get("/").text


def test_the_newest_releases_come_first_and_lead_to_their_pages(
    instance: Instance, site: Site, clock: FixedClock
) -> None:
    for number in range(NEWEST + 2):
        add_file(instance, "Sample", f"{number}.0", summary=f"Release number {number}")
        clock.advance(timedelta(minutes=1))
    page = site.get("/")
    shown = [link["href"] for link in page.html.select("a[href*='/project/']")]
    assert shown == [f"/project/sample/{number}.0/" for number in range(NEWEST + 1, 1, -1)]
    assert f"Release number {NEWEST + 1}" in page.text


def test_projects_in_quarantine_are_left_out(instance: Instance, site: Site) -> None:
    add_file(instance, "worm")
    set_status(instance, "worm", "quarantined")
    assert "/project/worm/" not in site.get("/").text
