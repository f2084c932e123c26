"""Where one project is managed."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import MAINTAINER, QUARANTINED
from tests.projects.peopled import MANAGE, PEOPLE, make_project, release
from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site


def test_an_owner_finds_people_and_history(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    make_project(instance, ada)
    release(instance)
    sign_in(site, ada)
    page = site.get(MANAGE)
    assert page.html.h1.text == "Manage the project Demo"
    assert "You are an owner" in page.html.main.text
    assert [link["href"] for link in page.html.main.ul.find_all("a")] == [
        PEOPLE,
        f"{MANAGE}upload/",
        f"{MANAGE}releases/",
        f"{MANAGE}status/",
        f"{MANAGE}tokens/",
        f"{MANAGE}history/",
        "/project/demo/",
        f"{MANAGE}leave/",
        f"{MANAGE}delete/",
    ]


def test_releases_and_deleting_lead_back_to_where_the_project_is_managed(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    make_project(instance, ada)
    release(instance)
    sign_in(site, ada)
    assert site.get(f"{MANAGE}releases/").click("Back to the project").html.h1.text == "Manage the project Demo"
    deleting = site.get(MANAGE).click("Delete this project")
    assert deleting.click("Cancel").html.h1.text == "Manage the project Demo"


def test_nobody_is_led_to_deleting_who_may_not_delete(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    make_project(instance, ada, (noor, MAINTAINER))
    with instance.work() as work:
        projects.find(work, "demo").status = QUARANTINED
    for person in (ada, noor):
        browser = Site(site.application)
        sign_in(browser, person)
        assert browser.get(MANAGE).html.main.find("a", href=f"{MANAGE}delete/") is None


def test_a_page_that_nobody_can_see_is_not_linked(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    make_project(instance, ada)
    sign_in(site, ada)
    public = 'main a[href="/project/demo/"]'
    for path in (MANAGE, "/manage/projects/"):
        assert site.get(path).html.select_one(public) is None
    release(instance)
    for path in (MANAGE, "/manage/projects/"):
        assert site.get(path).html.select_one(public) is not None
    with instance.work() as work:
        projects.find(work, "demo").status = QUARANTINED
    for path in (MANAGE, "/manage/projects/"):
        assert site.get(path).html.select_one(public) is None


def test_a_maintainer_finds_no_history(site: Site, instance: Instance) -> None:
    noor = make_person(instance, "noor")
    make_project(instance, make_person(instance, "ada"), (noor, MAINTAINER))
    sign_in(site, noor)
    page = site.get("/manage/project/DEMO/")
    assert "You are a maintainer" in page.html.main.text
    assert page.html.main.find("a", href=f"{MANAGE}history/") is None


PAGES = ["", "collaborators/", "collaborators/invite/", "collaborators/ada/role/", "leave/", "history/"]


@pytest.mark.parametrize("path", [*PAGES, "collaborators/ada/remove/"])
def test_for_everybody_else_there_is_nothing_here(site: Site, instance: Instance, path: str) -> None:
    make_project(instance, make_person(instance, "ada"))
    sign_in(site, make_person(instance, "eve"))
    for name in ("demo", "nothing"):
        assert site.get(f"/manage/project/{name}/{path}", expect_errors=True).status_int == 404


@pytest.mark.parametrize("path", ["collaborators/invite/", "collaborators/ada/role/", "history/"])
def test_a_maintainer_is_told_that_this_is_for_owners(site: Site, instance: Instance, path: str) -> None:
    noor = make_person(instance, "noor")
    make_project(instance, make_person(instance, "ada"), (noor, MAINTAINER))
    sign_in(site, noor)
    answer = site.get(MANAGE + path, expect_errors=True)
    assert answer.status_int == 403
    assert "Ask an owner of the project" in answer.text


def test_the_menu_says_that_this_belongs_to_projects(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    make_project(instance, ada)
    sign_in(site, ada)
    menu = site.get(MANAGE).html.find(id="account-menu")
    assert menu.find("a", href="/manage/projects/")["aria-current"] == "true"


def test_in_limited_mode_links_keep_the_handle(instance: Instance, site: Site) -> None:
    ada = make_person(instance, "ada")
    make_project(instance, ada)
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, ada)
    assert bare.get(f"/~{handle}{MANAGE}").html.main.ul.a["href"] == f"/~{handle}{PEOPLE}"


def test_a_stranger_is_asked_to_sign_in(site: Site, instance: Instance) -> None:
    make_project(instance, make_person(instance, "ada"))
    assert "/account/login/" in site.get(MANAGE).headers["Location"]
