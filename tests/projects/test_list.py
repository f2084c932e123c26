"""The page of my own projects."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kernel.work import Instance
from portal.projects import service
from portal.projects.models import MAINTAINER, Role
from tests.projects.peopled import release
from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site

PATH = "/manage/projects/"


def test_somebody_without_projects_is_told_how_to_upload(site: Site, instance: Instance) -> None:
    sign_in(site, make_person(instance))
    page = site.get(PATH)
    assert page.html.h1.text == "Your projects"
    assert page.html.table is None
    assert "You have no project yet." in page.html.main.text
    assert "twine upload --repository-url http://localhost/legacy/ -u __token__ dist/*" in page.html.main.text
    assert page.html.main.find("a", href="/manage/account/tokens/add/")


def test_projects_stand_there_with_my_role_and_others_do_not(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    with instance.work() as work:
        service.create(work, "Zebra", ada.account_id)
        shared = service.create(work, "apple", noor.account_id)
        service.create(work, "private", noor.account_id)
        work.db.add(Role(project_id=shared.id, account_id=ada.account_id, role=MAINTAINER, since=work.now))
    for name in ("zebra", "apple"):
        release(instance, name)
    sign_in(site, ada)
    rows = site.get(PATH).html.table.tbody.find_all("tr")
    assert [[cell.text.strip() for cell in row.find_all(["th", "td"])] for row in rows] == [
        ["apple", "Maintainer", "Upload a file apple\nManage apple"],
        ["Zebra", "Owner", "Upload a file Zebra\nManage Zebra"],
    ]
    assert [row.a["href"] for row in rows] == ["/project/apple/", "/project/zebra/"]


def test_in_limited_mode_links_keep_the_handle(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    with instance.work() as work:
        service.create(work, "demo", ada.account_id)
    release(instance)
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, ada)
    page = bare.get(f"/~{handle}{PATH}")
    assert page.html.table.a["href"] == f"/~{handle}/project/demo/"


def test_a_stranger_is_asked_to_sign_in(site: Site, instance: Instance) -> None:
    make_person(instance)
    assert "/account/login/" in site.get(PATH).headers["Location"]


@pytest.fixture
def many(site: Site, instance: Instance) -> Site:
    """Somebody with 53 projects, signed in."""
    ada = make_person(instance)
    with instance.work() as work:
        for number in range(52):
            service.create(work, f"number-{number:02}", ada.account_id)
        service.create(work, "Other_One", ada.account_id)
    sign_in(site, ada)
    return site


def names(page: Any) -> list[str]:
    """The projects that the page shows."""
    return [cell.get_text(" ", strip=True) for cell in page.html.select("main tbody th")]


def test_many_projects_come_in_pages(many: Site) -> None:
    page = many.get(PATH)
    assert names(page) == [f"number-{number:02}" for number in range(50)]
    assert "Projects 1 to 50 of 53, by name." in " ".join(page.html.main.text.split())
    page = page.click("Next page")
    assert names(page) == ["number-50", "number-51", "Other_One"]
    assert names(page.click("Previous page")) == [f"number-{number:02}" for number in range(50)]


def test_they_are_filtered_by_a_part_of_the_name_however_it_is_spelled(many: Site) -> None:
    form = many.get(PATH).html.main.form
    assert (form["method"], form["action"]) == ("get", "./")
    page = many.get(PATH, {"find": "OTHER.o"})
    assert names(page) == ["Other_One"]
    assert "Projects that match: 1 of 53." in " ".join(page.html.main.text.split())
    assert page.html.main.select_one("#find")["value"] == "OTHER.o"
    assert page.html.main.find("a", href=PATH).text == "All your projects (53)"
    assert names(many.get(PATH, {"find": "number-1"})) == [f"number-{number}" for number in range(10, 20)]
    page = many.get(PATH, {"find": "%"})
    assert names(page) == []
    assert "No project has this text in its name." in page.html.main.text


@pytest.mark.parametrize("start", ["x", "-1", "9999999", "60", "\u0665"])
def test_a_place_that_is_none_is_the_beginning(many: Site, start: str) -> None:
    assert names(many.get(PATH, {"from": start}))[0] == "number-00"


def test_few_projects_need_no_filter(site: Site, instance: Instance) -> None:
    ada = make_person(instance)
    with instance.work() as work:
        service.create(work, "demo", ada.account_id)
    sign_in(site, ada)
    assert site.get(PATH).html.main.form is None
