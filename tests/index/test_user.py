"""The public page of a person."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from tests.index.shelf import add_file, set_status, uploader
from tests.support.people import make_person
from tests.support.site import Site


def test_it_lists_a_person_s_projects_with_the_role(instance: Instance, site: Site) -> None:
    add_file(instance, "Apple_Pie")
    add_file(instance, "worm")
    set_status(instance, "worm", "quarantined")
    page = site.get("/user/uploader/")
    items = [" ".join(item.get_text().split()) for item in page.html.main.select("li")]
    assert items == ["Apple_Pie, as an owner"]
    assert page.html.main.li.a["href"].endswith("/project/apple-pie/")


def test_it_tells_nothing_else_about_the_person(instance: Instance, site: Site) -> None:
    uploader(instance)
    page = site.get("/user/uploader/")
    assert "Nothing of this person is on this index yet." in page.text
    assert "@" not in page.html.main.get_text()


def test_another_spelling_leads_to_the_person_s_own(instance: Instance, site: Site) -> None:
    make_person(instance, "ada-lovelace")
    assert site.get("/user/Ada.Lovelace/", status=301).location.endswith("/user/ada-lovelace/")


@pytest.mark.parametrize("name", ["nobody-here", "a@example.org", "x" * 5000, "%00"])
def test_an_unknown_person_is_not_found(instance: Instance, site: Site, name: str) -> None:
    make_person(instance, "a")
    assert site.get(f"/user/{name}/", expect_errors=True).status_int in ({400} if name == "%00" else {404})


def test_it_links_no_project_that_has_no_page(instance: Instance, site: Site) -> None:
    add_file(instance, "Apple_Pie")
    with instance.work() as work:
        projects.create(work, "empty", uploader(instance))
    links = site.get("/user/uploader/").html.main.select("a")
    assert [link.get_text() for link in links] == ["Apple_Pie"]
    assert site.get(links[0]["href"], status=200)
