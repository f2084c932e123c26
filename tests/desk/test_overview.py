from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.tokens import service as tokens
from tests.index.shelf import add_file
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/manage/account/"


def next_link(page: Any) -> str:
    """Where the page's one button leads."""
    [button] = page.html.select("main a.button")
    return str(button["href"])


def sign_in_and_look(instance: Instance, site: Site, person: Someone) -> Any:
    with instance.work() as work:
        code = person.code(work.now) if person.key else ""
    sign_in(site, person, code=code)
    return site.get(PAGE)


def test_a_new_person_is_led_to_confirm_the_address_first(instance: Instance, site: Site) -> None:
    page = sign_in_and_look(instance, site, make_person(instance, confirmed=False))
    assert next_link(page) == "/manage/account/emails/"
    assert [item.get_text("|", strip=True).split("|")[0] for item in page.html.select("main ol > li")] == [
        "Confirm your e-mail address",
        "Set up an authenticator app",
        "Create an API token",
        "Upload a package",
    ]


def test_then_to_the_authenticator_app(instance: Instance, site: Site) -> None:
    page = sign_in_and_look(instance, site, make_person(instance))
    assert next_link(page) == "/manage/account/two-factor/totp/add/"
    assert "Confirm your e-mail address – done" in page.text


def test_then_to_the_first_token(instance: Instance, site: Site) -> None:
    page = sign_in_and_look(instance, site, make_person(instance, authenticator=True))
    assert next_link(page) == "/manage/account/tokens/add/"


@pytest.fixture
def uploader(instance: Instance) -> Someone:
    """Somebody who has everything but a project."""
    person = make_person(instance, authenticator=True)
    with instance.work() as work:
        tokens.create(work, person.account_id, name="laptop", projects=None, expires_at=None)
    return person


def test_then_to_how_to_upload(instance: Instance, site: Site, uploader: Someone) -> None:
    assert next_link(sign_in_and_look(instance, site, uploader)) == "/help/uploads/"


def test_when_all_is_done_the_page_says_so_and_lists_the_projects(
    instance: Instance, site: Site, uploader: Someone
) -> None:
    with instance.work() as work:
        projects.create(work, "Sample.Project", uploader.account_id)
    page = sign_in_and_look(instance, site, uploader)
    assert "Everything is set up." in page.text
    assert page.html.select_one('main a[href="/manage/project/sample-project/"]').get_text() == "Sample.Project"


def test_a_bare_handle_sees_the_address_masked_and_its_links_keep_the_handle(instance: Instance, bed: Bed) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, make_person(instance))
    page = site.get(f"/~{handle}{PAGE}")
    assert "ada@example.org" not in page.text
    assert next_link(page).startswith(f"/~{handle}/")


def test_a_stranger_is_sent_to_sign_in_and_then_comes_back(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    asked = site.get(PAGE).follow()
    form = last_form(asked)
    form["username"], form["password"] = person.username, person.password
    assert form.submit().headers["Location"] == "http://localhost/manage/account/"


def test_of_many_projects_the_ten_with_the_newest_releases_stand_there_and_a_way_to_all(
    instance: Instance, bed: Bed, site: Site, uploader: Someone
) -> None:
    for number in range(12):
        bed.clock.advance(timedelta(minutes=1))
        with instance.work() as work:
            projects.create(work, f"number-{number:02}", uploader.account_id)
    bed.clock.advance(timedelta(minutes=1))
    add_file(instance, "number-00", owner=uploader.account_id)
    page = sign_in_and_look(instance, site, uploader)
    names = [link.text for link in page.html.main.select('ul a[href^="/manage/project/"]')]
    assert names == ["number-00", *(f"number-{number:02}" for number in range(11, 2, -1))]
    assert page.html.main.find("a", href="/manage/projects/").text == "All your projects (12)"
