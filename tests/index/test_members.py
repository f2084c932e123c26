"""Who is a member of an index that only its members read, and what those find who are not or can't be shown it."""

from __future__ import annotations

import pytest

from portal.app import Application
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import OWNER, Role
from tests.index.members import PAGES, PROGRAMS, filled
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person, sign_in, sign_in_limited
from tests.support.site import Site


@pytest.mark.parametrize("path", PAGES)
def test_whoever_has_not_confirmed_an_address_reads_no_page_and_is_shown_the_way(
    instance: Instance, stranger: Site, file: str, path: str
) -> None:
    sign_in(stranger, make_person(instance, confirmed=False))
    there = stranger.get(filled(path, file), status=403)
    missing = stranger.get(filled(path, file, "nothing", "nobody"), status=403)
    assert there.html.h1.get_text() == missing.html.h1.get_text() == "Confirm your e-mail address first"
    assert "Sample_Project" not in there.text
    assert there.click("Go to your e-mail addresses").html.h1.get_text() == "E-mail addresses"


@pytest.mark.parametrize("path", PROGRAMS)
def test_whoever_has_not_confirmed_an_address_reads_nothing_of_what_programs_read(
    instance: Instance, stranger: Site, file: str, path: str
) -> None:
    sign_in(stranger, make_person(instance, confirmed=False))
    assert stranger.get(filled(path, file), status=401).headers["WWW-Authenticate"].startswith("Basic ")


def test_the_home_page_shows_whoever_has_not_confirmed_an_address_the_way_in_place_of_projects(
    instance: Instance, stranger: Site, file: str
) -> None:
    sign_in(stranger, make_person(instance, confirmed=False))
    page = stranger.get("/")
    assert "Sample_Project" not in page.text
    assert "Confirm your e-mail address first." in page.html.main.text
    assert page.click("Go to your e-mail addresses").html.h1.get_text() == "E-mail addresses"


def test_a_public_index_asks_no_reader_for_a_confirmed_address(instance: Instance, site: Site, file: str) -> None:
    sign_in(site, make_person(instance, confirmed=False))
    assert "Sample_Project" in site.get("/").text
    assert "Confirm your e-mail address first." not in site.get("/").html.main.text
    site.get("/project/sample-project/", status=200)


def test_the_register_page_says_what_an_account_is_for(instance: Instance, site: Site, stranger: Site) -> None:
    make_person(instance)
    assert "install packages from this index" in stranger.get("/account/register/").html.main.text
    assert "install packages from this index" not in site.get("/account/register/").html.main.text


MANAGED = ["", "releases/", "releases/1.0/"]
"""What follows /manage/project/NAME/."""


def owning(instance: Instance, *, authenticator: bool = False) -> Someone:
    """A new owner of the project."""
    person = make_person(instance, authenticator=authenticator)
    with instance.work() as work:
        project = projects.find(work, "sample-project")
        work.db.add(Role(project_id=project.id, account_id=person.account_id, role=OWNER, since=work.now))
    return person


def test_in_limited_mode_nothing_offers_what_can_only_be_refused(
    instance: Instance, private: Application, file: str, clock: FixedClock
) -> None:
    person = owning(instance, authenticator=True)
    blocked = Site(private, takes_cookies=False)
    below = f"/~{sign_in_limited(blocked, person, code=person.code(clock.now()))}"
    managed = [f"/manage/project/sample-project/{page}" for page in MANAGED]
    for path in ("/", "/manage/projects/", "/help/", *managed):
        page = blocked.get(below + path).html
        shut = (f"{below}/project/", f"{below}/search/", f"{below}/user/")
        offered = [tag["href"] for tag in page.select("a[href]")] + [tag["action"] for tag in page.select("form")]
        assert [target for target in offered if target.startswith(shut)] == []
        assert page.select_one("#site-search") is None


@pytest.mark.parametrize("page", MANAGED)
def test_the_page_of_a_project_is_called_by_who_sees_it(
    instance: Instance, stranger: Site, site: Site, file: str, page: str
) -> None:
    person = owning(instance)
    for at, words in ((stranger, "The page that members see"), (site, "The page that everybody sees")):
        sign_in(at, person)
        shown = at.get(f"/manage/project/sample-project/{page}").click(words)
        assert "Sample_Project" in shown.html.h1.get_text()


@pytest.mark.parametrize("path", ["/", "/accessibility/"])
def test_that_packages_need_cookies_is_said_where_all_else_is_promised_to_work(
    stranger: Site, site: Site, path: str
) -> None:
    promise = "without scripts, without cookies,"
    assert promise in " ".join(site.get(path).html.main.text.split())
    shown = " ".join(stranger.get(path).html.main.text.split())
    assert promise not in shown
    assert "the pages of packages" in shown


def test_strangers_and_members_of_a_private_index_search_from_every_page(
    instance: Instance, stranger: Site, file: str
) -> None:
    assert stranger.get("/help/").html.select_one("#site-search") is not None
    sign_in(stranger, make_person(instance))
    assert stranger.get("/help/").html.select_one("#site-search") is not None
