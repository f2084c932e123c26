"""The home page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.index.views.pages import NEWEST
from portal.kernel.work import Instance
from tests.index.shelf import add_file, set_status
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.site import Site


def test_it_says_how_to_install_from_here(instance: Instance, site: Site) -> None:
    page = site.get("/")
    assert "pip install --index-url" in page.text
    assert f"{instance.settings.base_url}/simple/ NAME" in page.text


@pytest.mark.parametrize(
    ("registration", "step"),
    [
        ("open", "Register, and confirm your e-mail address."),
        ("invite", "Ask the people who run this index for an invitation, and register with its link."),
        ("closed", "Sign in. This index takes no new accounts; if you need one, ask the people who run it."),
    ],
)
def test_the_first_step_fits_who_may_register(bed: Bed, registration: str, step: str) -> None:
    site = Site(bed.assemble(registration=registration))
    steps = [item.get_text(strip=True) for item in site.get("/").html.select("main ol li")]
    site.application.instance.database.close()
    assert steps[0] == step
    assert len(steps) == 4


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
