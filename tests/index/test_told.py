"""What the page of a release tells besides its files, and where it leads."""

from __future__ import annotations

from typing import Any

import pytest

from portal.index.told import LENGTH, authors, keywords
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import MAINTAINER, Role
from tests.index.shelf import add_file
from tests.support.clock import FixedClock
from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/project/sample-project/"
FEED = "http://localhost/rss/project/sample-project/releases.xml"


def feeds(page: Any) -> list[str]:
    return [link["href"] for link in page.html.head.select('link[rel="alternate"][type="application/rss+xml"]')]


@pytest.mark.parametrize(
    ("metadata", "shown"),
    [
        ({}, ""),
        ({"author": "Ada"}, "Ada"),
        ({"author_email": "Ada <ada@example.org>, noor@example.org, Lin <lin@example.org>"}, "Ada, Lin"),
        ({"author": "Ada", "author_email": '"Ada" <ada@example.org>'}, "Ada"),
        ({"author": "x" * 300}, "x" * (LENGTH - 1) + "…"),
    ],
)
def test_authors_are_named_without_their_addresses(metadata: dict[str, Any], shown: str) -> None:
    assert authors(metadata) == shown


@pytest.mark.parametrize(
    ("given", "shown"), [(None, ""), (["a b", "c"], "a b, c"), ("a,b c", "a, b c"), ("a b", "a, b"), (" , ", "")]
)
def test_keywords_are_parted_by_commas(given: Any, shown: str) -> None:
    assert keywords({"keywords": given}) == shown


def test_authors_and_keywords_stand_among_the_facts(instance: Instance, site: Site) -> None:
    add_file(instance, core_metadata={"author_email": "Ada <ada@example.org>", "keywords": ["herons"]})
    facts = " ".join(site.get(PAGE).html.select_one("dl.facts").get_text(" ").split())
    assert "Written by Ada" in facts
    assert "Keywords herons" in facts
    assert "ada@example.org" not in facts


def test_why_a_release_was_withdrawn_is_said_first_and_the_list_marks_it(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0", yanked=True, yanked_reason="Loses data.")
    add_file(instance, version="2.0")
    shown = site.get(f"{PAGE}1.0/").html.main
    assert "The reason given: Loses data." in " ".join(shown.select_one(".warning").get_text().split())
    marked = ["(withdrawn)" in item.get_text() for item in site.get(PAGE).html.main.select("ul")[-1].select("li")]
    assert marked == [False, True]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}1.0/"])
def test_a_project_leads_to_its_feed(instance: Instance, site: Site, path: str) -> None:
    add_file(instance)
    page = site.get(path)
    assert feeds(page) == [FEED]
    assert page.html.main.find("a", href=FEED)
    assert site.get("/rss/project/sample-project/releases.xml").content_type == "application/rss+xml"


def test_the_home_page_leads_to_the_feeds(instance: Instance, site: Site) -> None:
    add_file(instance)
    page = site.get("/")
    found = [f"http://localhost/rss/{name}.xml" for name in ("updates", "packages")]
    assert feeds(page) == found
    assert [link["href"] for link in page.html.main.select("a[href*='/rss/']")] == found


@pytest.mark.parametrize("path", ["/", PAGE])
def test_where_feeds_need_a_token_no_page_leads_there(instance: Instance, stranger: Site, file: str, path: str) -> None:
    sign_in(stranger, make_person(instance))
    assert "/rss/" not in stranger.get(path).text


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}1.0/"])
def test_whoever_works_on_a_project_is_led_from_its_page_to_managing_it(
    instance: Instance, site: Site, path: str
) -> None:
    add_file(instance)
    assert "Manage this project" not in site.get(path).text
    person = make_person(instance)
    sign_in(site, person)
    assert "Manage this project" not in site.get(path).text
    work_on(instance, person.account_id)
    page = site.get(path)
    assert "no-store" in page.headers["Cache-Control"]
    assert "Manage the project" in page.click("Manage this project").html.h1.get_text()


def test_the_way_to_managing_keeps_the_handle(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance)
    person = make_person(instance, authenticator=True)
    work_on(instance, person.account_id)
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person, code=person.code(clock.now()))
    page = blocked.get(f"/~{handle}{PAGE}")
    assert page.click("Manage this project").request.path == f"/~{handle}/manage/project/sample-project/"
    assert feeds(page) == [FEED]


def work_on(instance: Instance, account_id: Any) -> None:
    """Let somebody maintain the project."""
    with instance.work() as work:
        project = projects.find(work, "sample-project")
        work.db.add(Role(project_id=project.id, account_id=account_id, role=MAINTAINER, since=work.now))
