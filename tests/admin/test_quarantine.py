"""An administrator puts a project into quarantine."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.lifecycle import service
from tests.desk.closing import kinds, send_confirmed
from tests.index.shelf import add_file
from tests.support.clock import NOON
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site

PAGE = "/admin/projects/sample-project/quarantine/"


@pytest.fixture
def admin(instance: Instance, site: Site) -> Someone:
    """An administrator with an authenticator app, signed in."""
    root = make_person(instance, "root", admin=True, authenticator=True)
    sign_in(site, root, code=root.code(NOON))
    return root


@pytest.fixture
def grace(instance: Instance) -> Someone:
    """The owner of a project with a file."""
    owner = make_person(instance, "grace")
    add_file(instance, "Sample_Project", owner=owner.account_id)
    return owner


def status(instance: Instance) -> tuple[str, str]:
    """Status and reason of the project."""
    with instance.work(write=False) as work:
        found = projects.find(work, "sample-project")
        return found.status, found.status_reason


def fill(page: Any, reason: str) -> Any:
    """The page with its reason filled in."""
    last_form(page)["reason"] = reason
    return page


def test_it_asks_for_password_and_code_and_then_nobody_can_install_it(
    instance: Instance, site: Site, admin: Someone, grace: Someone
) -> None:
    assert send_confirmed(site.get(PAGE), admin).status_int == 422
    assert status(instance) == ("active", "")
    answer = send_confirmed(fill(site.get(PAGE), "Malware"), admin, admin.code(NOON, steps=1))
    assert answer.status_int == 303
    page = answer.follow()
    assert "Project Sample_Project is in quarantine" in page.html.title.text
    assert "Sample_Project" in page.html.main.ul.text
    assert status(instance) == ("quarantined", "Malware")
    assert site.get("/project/sample-project/", expect_errors=True).status_int == 404
    assert kinds(instance, admin.account_id)[-1] == "project.for_other.quarantined"


def test_the_owner_learns_neither_who_did_it_nor_from_where(instance: Instance, site: Site, grace: Someone) -> None:
    root = make_person(instance, "root", admin=True, authenticator=True)
    office = Site(site.application, REMOTE_ADDR="203.0.113.77")
    sign_in(office, root, code=root.code(NOON))
    assert send_confirmed(office.get(PAGE), root, root.code(NOON, steps=1)).status_int == 303
    own = Site(site.application, REMOTE_ADDR="198.51.100.9")
    sign_in(own, grace)
    for path in ("/manage/account/history/", "/manage/project/sample-project/history/"):
        main = own.get(path).html.main.text
        assert "put into quarantine by the people who run this index" in main
        assert "root" not in main
        assert "203.0.113.77" not in main


def test_a_form_that_is_sent_once_more_changes_nothing_and_says_so(
    instance: Instance, site: Site, admin: Someone, grace: Someone
) -> None:
    page = fill(site.get(PAGE), "second")
    with instance.work() as work:
        service.quarantine(work, projects.find(work, "sample-project"), "first", by=None)
    answer = send_confirmed(page, admin, admin.code(NOON, steps=1))
    assert answer.status_int == 409
    assert "Somebody else has just put this project into quarantine." in answer.html.main.text
    assert status(instance) == ("quarantined", "first")
    shown = site.get(PAGE).html.main
    assert shown.form is None
    assert shown.select_one("a.button")["href"] == "/admin/projects/sample-project/release/"


@pytest.mark.usefixtures("admin")
def test_there_is_no_page_of_a_project_that_is_not_there(site: Site) -> None:
    for action in ("quarantine", "release"):
        assert site.get(f"/admin/projects/nowhere/{action}/", expect_errors=True).status_int == 404
