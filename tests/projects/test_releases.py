"""The list of the releases of a project."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from tests.projects.shelved import RELEASE, RELEASES, stocked
from tests.support.people import Someone
from tests.support.site import Site


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_each_release_stands_there_with_the_number_of_its_files(site: Site, ada: Someone) -> None:
    page = site.get(RELEASES)
    row = [cell.text.strip() for cell in page.html.table.tbody.find_all(["th", "td"])]
    assert (row[0], row[2]) == ("1.0", "2")
    assert page.html.table.tbody.a["href"] == RELEASE
    assert page.html.main.find("a", href="/manage/project/demo/delete/")


def test_the_list_of_projects_leads_there(site: Site, ada: Someone) -> None:
    assert site.get("/manage/projects/").html.main.find("a", href=RELEASES)


def test_a_project_without_releases_says_so(site: Site, instance: Instance, ada: Someone) -> None:
    with instance.work() as work:
        projects.create(work, "Empty", ada.account_id)
    assert "This project has no release." in site.get("/manage/project/empty/releases/").html.main.text
