"""An administrator finds a project."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.lifecycle import service
from tests.index.shelf import add_file
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site

FIND = "/admin/projects/"


@pytest.fixture
def admin(instance: Instance, site: Site) -> Someone:
    """An administrator, signed in."""
    root = make_person(instance, "root", admin=True)
    sign_in(site, root)
    return root


@pytest.mark.usefixtures("admin")
def test_a_project_is_found_in_any_spelling(site: Site, instance: Instance) -> None:
    add_file(instance, "Sample_Project")
    page = site.get("/admin/users/").click("Find a project")
    form = last_form(page)
    form["name"] = "sample.project"
    answer = form.submit()
    assert answer.headers["Location"].endswith("/admin/projects/sample-project/quarantine/")
    assert "Put the project Sample_Project into quarantine" in answer.follow().html.h1.text


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("name", ["", "nowhere", "sample"])
def test_no_project_is_found_by_a_part_of_its_name(site: Site, instance: Instance, name: str) -> None:
    add_file(instance, "Sample_Project")
    form = last_form(site.get(FIND))
    form["name"] = name
    assert form.submit(expect_errors=True).status_int == 422


@pytest.mark.usefixtures("admin")
def test_what_is_in_quarantine_is_listed(site: Site, instance: Instance) -> None:
    assert "No project is in quarantine." in site.get(FIND).html.main.text
    for name in ("worm", "Sample_Project"):
        add_file(instance, name)
    with instance.work() as work:
        service.quarantine(work, projects.find(work, "worm"), "", by=None)
    links = [link["href"] for link in site.get(FIND).html.main.ul.find_all("a")]
    assert links == ["/admin/projects/worm/release/"]


def test_for_others_there_is_no_such_page(site: Site, instance: Instance) -> None:
    add_file(instance, "Sample_Project")
    sign_in(site, make_person(instance, "grace"))
    for name in ("sample-project", "nowhere"):
        for path in (FIND, f"{FIND}{name}/quarantine/", f"{FIND}{name}/release/"):
            assert site.get(path, expect_errors=True).status_int == 404
