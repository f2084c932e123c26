"""The page of one release."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.index.shelf import add_file, set_status
from tests.support.site import Site


def test_an_older_release_leads_to_the_latest(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0")
    newer = add_file(instance, version="2.0")
    page = site.get("/project/sample-project/1.0/")
    assert page.html.h1.get_text() == "Sample_Project 1.0"
    assert page.html.title.get_text().split("–")[0].strip() == "Sample_Project 1.0"
    notice = page.html.select_one("p.notice")
    assert "This is not the latest release." in notice.get_text()
    assert notice.a["href"].endswith("/project/sample-project/2.0/")
    assert newer.filename not in page.text
    assert page.html.select_one("#install").get_text().endswith(" sample-project==1.0")


def test_the_latest_release_has_no_such_notice(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0")
    assert "not the latest" not in site.get("/project/sample-project/1.0/").text


@pytest.mark.parametrize("spelling", ["1.0.0", "v1.0", "1", "01.0"])
def test_another_spelling_of_the_version_leads_to_the_one_shown(instance: Instance, site: Site, spelling: str) -> None:
    add_file(instance, version="1.0")
    answer = site.get(f"/project/Sample_Project/{spelling}/", status=301)
    assert answer.location.endswith("/project/sample-project/1.0/")


@pytest.mark.parametrize("version", ["2.0", "nonsense", "1.0+local", "9" * 5000, "1.0'--"])
def test_an_unknown_version_is_not_found(instance: Instance, site: Site, version: str) -> None:
    add_file(instance, version="1.0")
    site.get(f"/project/sample-project/{version}/", status=404)
    site.get(f"/project/nothing-here/{version}/", status=404)


def test_a_release_in_quarantine_is_not_found(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0")
    set_status(instance, "sample-project", "quarantined")
    site.get("/project/sample-project/1.0/", status=404)
