"""The page of a project."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from portal.index.views import pages
from portal.index.views.pages import LICENSE_LENGTH
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import MAINTAINER, Role
from tests.index.shelf import add_file, set_status
from tests.support.clock import FixedClock
from tests.support.people import make_person
from tests.support.site import Site

PAGE = "/project/sample-project/"


def facts(page: Any) -> str:
    return " ".join(page.html.select_one("dl.facts").get_text(" ").split())


def test_it_tells_what_the_latest_release_is_and_how_to_install_it(instance: Instance, site: Site) -> None:
    file = add_file(
        instance,
        summary="Does one thing well",
        description="# Sample\n<script>alert(1)</script>",
        core_metadata={"license_expression": "MIT"},
    )
    page = site.get(PAGE)
    text = " ".join(page.html.get_text(" ").split())
    assert page.html.h1.get_text() == "Sample_Project 1.0"
    assert "Does one thing well" in text
    install = page.html.select_one("#install")
    assert install.get_text().strip() == "pip install --index-url http://localhost/simple/ sample-project==1.0"
    assert install.name == "pre"
    assert "1 June 2026, 12:00 UTC" in facts(page)
    assert "License MIT" in facts(page)
    assert page.html.select_one(f'a[href="/files/{file.path}"]').get_text() == file.filename
    assert file.sha256 in text
    assert "1 kB" in text


def test_the_description_is_text_and_nothing_else(instance: Instance, site: Site) -> None:
    add_file(instance, description='<script>alert(1)</script><a href="/account/logout/">x</a>')
    page = site.get(PAGE)
    assert page.html.script is None
    assert (
        page.html.main.select("pre")[-1].get_text().strip()
        == '<script>alert(1)</script><a href="/account/logout/">x</a>'
    )


@pytest.mark.parametrize(
    ("versions", "latest"),
    [(["1.9", "1.10"], "1.10"), (["1.0", "2.0rc1"], "1.0"), (["1.0a1", "1.0a2"], "1.0a2"), (["1.0", "1!0.1"], "1!0.1")],
)
def test_the_latest_release_is_the_highest_that_is_no_preview(
    instance: Instance, site: Site, versions: list[str], latest: str
) -> None:
    for version in versions:
        add_file(instance, version=version)
    assert site.get(PAGE).html.h1.get_text() == f"Sample_Project {latest}"


def test_a_withdrawn_release_is_the_latest_only_where_all_are(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0")
    add_file(instance, version="2.0", yanked=True)
    page = site.get(PAGE)
    assert page.html.h1.get_text() == "Sample_Project 1.0"
    assert page.html.main.select_one(".warning") is None
    assert "withdrawn by the owners" in site.get("/project/sample-project/2.0/").text


def test_its_people_are_named_with_their_roles(instance: Instance, site: Site) -> None:
    add_file(instance)
    helper = make_person(instance, "helper")
    with instance.work() as work:
        project = projects.find(work, "sample-project")
        work.db.add(Role(project_id=project.id, account_id=helper.account_id, role=MAINTAINER, since=work.now))
    page = site.get(PAGE)
    assert "People helper , maintainer uploader , owner" in facts(page)
    assert {link["href"].removeprefix("http://localhost") for link in page.html.select("a[href*='/user/']")} == {
        "/user/helper/",
        "/user/uploader/",
    }


def test_links_of_the_project_leave_nothing_behind_and_none_acts_on_this_site(instance: Instance, site: Site) -> None:
    urls = {"Docs": "https://docs.example.org/", "Trap": "http://localhost/account/logout/", "Bad": "javascript:x"}
    add_file(instance, core_metadata={"home_page": "https://example.org/", "project_urls": urls})
    page = site.get(PAGE)
    links = page.html.select("a[rel]")
    assert [(link["href"], link.get_text()) for link in links] == [
        ("https://example.org/", "Home page"),
        ("https://docs.example.org/", "Docs"),
    ]
    assert {" ".join(link["rel"]) for link in links} == {"nofollow noreferrer"}


@pytest.mark.parametrize("said", ["x" * (LICENSE_LENGTH + 1), "MIT License\n\nPermission is hereby granted"])
def test_a_whole_licence_text_is_not_shown_as_a_name(instance: Instance, site: Site, said: str) -> None:
    add_file(instance, core_metadata={"license": said})
    assert "License" not in facts(site.get(PAGE))


def test_an_archived_project_says_so(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "archived")
    assert "This project is archived." in site.get(PAGE).text


def test_another_spelling_leads_to_the_normalized_name(instance: Instance, site: Site) -> None:
    add_file(instance)
    assert site.get("/project/Sample.Project/", status=301).location.endswith(PAGE)
    assert site.get("/en-XA/project/Sample_Project/", status=301).location.endswith(f"/en-XA{PAGE}")


@pytest.mark.parametrize("name", ["nothing-here", "a b", "-", "x" * 5000])
def test_an_unknown_project_is_not_found(site: Site, name: str) -> None:
    answer = site.get(f"/project/{name}/", expect_errors=True)
    assert answer.maybe_follow(expect_errors=True).status_int == 404


def test_a_project_in_quarantine_is_not_found(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    site.get(PAGE, status=404)


def test_releases_are_listed_newest_version_first(instance: Instance, site: Site, clock: FixedClock) -> None:
    for version in ("1.10", "1.9", "2.0"):
        add_file(instance, version=version)
        clock.advance(timedelta(days=1))
    links = site.get(PAGE).html.select("ul a[href*='/project/sample-project/']")
    assert [link.get_text() for link in links] == ["2.0", "1.10", "1.9"]
    assert [link.get("aria-current") for link in links] == ["page", None, None]


def test_of_very_many_releases_the_newest_are_listed_and_all_are_linked(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "HISTORY", 2)
    for version in ("1.0", "2.0"):
        add_file(instance, version=version)
    assert "Older releases are not listed here." not in site.get(PAGE).text
    add_file(instance, version="3.0")
    page = site.get(PAGE)
    links = page.html.select("ul a[href*='/project/sample-project/']")
    assert [link.get_text() for link in links] == ["3.0", "2.0"]
    assert "Older releases are not listed here." in page.text
    files = site.get(page.html.find("a", string="See the files of all releases")["href"])
    assert len(files.html.select("a[href^='/files/']")) == 3


def test_of_many_releases_only_the_one_that_is_shown_is_read_in_full(instance: Instance, site: Site) -> None:
    for number in range(3):
        add_file(instance, version=f"{number}.0", description=f"What version {number} is.")
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(instance.database.engine, "before_cursor_execute", note)
    try:
        page = site.get("/project/sample-project/")
    finally:
        event.remove(instance.database.engine, "before_cursor_execute", note)
    long = [statement for statement in statements if "releases.description " in statement.replace(",", " ")]
    assert "What version 2 is." in page.text
    assert len(long) == 1
    assert "releases.id =" in long[0]
