"""The status of a project, marked by its owners (PEP 792)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.index import service as index
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.lifecycle import service
from portal.projects.lifecycle.errors import InQuarantine, NotInQuarantine
from portal.projects.members.errors import NotOwner
from portal.projects.releases import service as shelf
from tests.index.shelf import set_status
from tests.projects.shelved import kinds, offered, send, sign_in_as, stocked
from tests.support.people import Someone, last_form, make_person, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site

STATUS = "/manage/project/demo/status/"
OVERVIEW = "/manage/project/demo/"
SUCCESSOR = "Use the project parcel instead."


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def told(instance: Instance) -> Any:
    """What installers are told of the status."""
    return json.loads(offered(instance))["project-status"]


def test_an_archived_project_says_so_everywhere_until_it_is_active_again(
    site: Site, instance: Instance, ada: Someone
) -> None:
    answer = send(site, STATUS, ada, status="archived", reason=SUCCESSOR).follow()
    assert answer.html.title.text.startswith("The project is archived – ")
    for page in (answer, site.get("/project/demo/"), site.get("/project/demo/1.0/"), site.get(f"{OVERVIEW}releases/")):
        assert "This project is archived." in page.html.main.text
        assert SUCCESSOR in page.html.main.text
    assert told(instance) == {"status": "archived", "reason": SUCCESSOR}
    simple = site.get("/simple/demo/", headers={"Accept": "text/html"}).html
    assert simple.find("meta", {"name": "pypi:project-status"})["content"] == "archived"
    assert simple.find("meta", {"name": "pypi:project-status-reason"})["content"] == SUCCESSOR
    assert "(archived)" in site.get("/manage/projects/").html.main.text
    answer = send(site, STATUS, ada, status="active").follow()
    assert answer.html.title.text.startswith("The project is active – ")
    assert "archived" not in site.get("/project/demo/").html.main.text
    assert told(instance) == {"status": "active"}
    assert kinds(instance, ada)[-2:] == ["project.archived", "project.active"]


def test_where_no_file_is_taken_no_page_leads_to_uploading(site: Site, ada: Someone) -> None:
    upload = f"{OVERVIEW}upload/"
    lists = (OVERVIEW, "/manage/projects/")
    assert all(upload in site.get(path).text for path in lists)
    send(site, STATUS, ada, status="deprecated")
    assert all(upload in site.get(path).text for path in lists)
    send(site, STATUS, ada, status="archived")
    assert not any(upload in site.get(path).text for path in lists)


def test_a_deprecated_project_warns_its_readers(site: Site, instance: Instance, ada: Someone) -> None:
    send(site, STATUS, ada, status="deprecated")
    assert "This project is deprecated." in site.get("/project/demo/").html.main.text
    assert told(instance) == {"status": "deprecated"}
    assert "(deprecated)" in site.get("/manage/projects/").html.main.text


def test_each_change_has_a_serial_number_of_its_own(site: Site, instance: Instance, ada: Someone) -> None:
    serials = []
    for status in ("archived", "deprecated", "active"):
        send(site, STATUS, ada, status=status)
        with instance.work() as work:
            serials.append(index.page(work, "demo", "json", compressed=False).serial)
    assert serials == sorted(set(serials))


def test_the_same_once_more_changes_nothing_and_says_so(site: Site, instance: Instance, ada: Someone) -> None:
    for _ in range(2):
        answer = send(site, STATUS, ada, status="archived", reason=SUCCESSOR)
    assert "has this status already" in answer.follow().html.title.text
    assert kinds(instance, ada).count("project.archived") == 1
    send(site, STATUS, ada, status="archived", reason="Another one.")
    assert told(instance)["reason"] == "Another one."
    page = site.get(STATUS).html
    assert page.select_one("input[name=status][checked]")["value"] == "archived"
    assert page.select_one("input[name=reason]")["value"] == "Another one."


@pytest.mark.parametrize("status", ["quarantined", "", "ACTIVE"])
def test_only_what_is_on_offer_can_be_chosen(site: Site, instance: Instance, ada: Someone, status: str) -> None:
    form = last_form(site.get(STATUS))
    form["status"].force_value(status)
    if "confirm-password" in form.fields:
        form["confirm-password"] = ada.password
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "Choose a status." in answer.html.main.text
    assert told(instance) == {"status": "active"}


def test_what_a_reason_says_is_only_text(site: Site, instance: Instance, ada: Someone) -> None:
    sharp = '"><script>alert(1)</script>'
    send(site, STATUS, ada, status="deprecated", reason=sharp)
    for path in ("/project/demo/", "/simple/demo/"):
        page = site.get(path, headers={"Accept": "text/html"})
        assert "<script" not in page.text
    assert told(instance)["reason"] == sharp


def test_without_cookies_it_asks_for_the_password_and_works_the_same(
    site: Site, instance: Instance, ada: Someone
) -> None:
    bare = Site(site.application, takes_cookies=False)
    page = bare.get(f"/~{sign_in_limited(bare, ada)}{STATUS}")
    form = last_form(page)
    form["status"] = "archived"
    assert form.submit(expect_errors=True).status_int == 422
    assert told(instance) == {"status": "active"}
    form["confirm-password"] = ada.password
    assert form.submit().status_int == 303
    assert told(instance) == {"status": "archived"}


@pytest.mark.parametrize(("username", "status"), [("noor", 403), ("cleo", 404)])
def test_only_owners_open_the_page(site: Site, instance: Instance, ada: Someone, username: str, status: int) -> None:
    if username == "cleo":
        make_person(instance, "cleo")
    sign_in_as(site, username)
    assert site.get(STATUS, expect_errors=True).status_int == status
    token = last_form(site.get("/manage/account/language/"))["_token"].value
    sent = {"_token": token, "status": "archived", "reason": "", "confirm-password": ada.password}
    assert site.post(STATUS, sent, expect_errors=True).status_int == status
    assert told(instance) == {"status": "active"}


def test_nobody_but_an_owner_marks_a_project_whoever_calls(instance: Instance, site: Site, ada: Someone) -> None:
    grace = make_person(instance, "grace")
    with instance.work() as work, pytest.raises(NotOwner):
        service.mark(work, projects.find(work, "demo"), "archived", "", by=grace.account_id)


def test_of_many_who_archive_at_once_one_has_done_it(instance: Instance, site: Site, ada: Someone) -> None:
    def archive() -> bool:
        with instance.work() as work:
            return service.mark(work, projects.find(work, "demo"), "archived", "", by=ada.account_id)

    assert sorted(at_once(archive, 8)) == [False] * 7 + [True]
    assert kinds(instance, ada).count("project.archived") == 1


def test_a_project_that_was_deleted_meanwhile_is_not_marked(instance: Instance, site: Site, ada: Someone) -> None:
    with instance.work() as work:
        project = projects.find(work, "demo")
        work.db.expunge(project)
        shelf.delete_project(work, projects.find(work, "demo"), by=ada.account_id)
        for change in (
            lambda: service.mark(work, project, "archived", "", by=ada.account_id),
            lambda: service.quarantine(work, project, "", by=None),
            lambda: service.release(work, project, by=None),
        ):
            with pytest.raises(NotFound):
                change()


@pytest.mark.parametrize("before", ["active", "archived", "deprecated"])
def test_after_a_quarantine_the_status_and_its_reason_are_those_of_before(
    instance: Instance, site: Site, ada: Someone, before: str
) -> None:
    send(site, STATUS, ada, status=before, reason=SUCCESSOR)
    at_first = told(instance)
    with instance.work() as work:
        service.quarantine(work, projects.find(work, "demo"), "Malware", by=None)
    assert told(instance) == {"status": "quarantined", "reason": "Malware"}
    assert json.loads(offered(instance))["files"] == []
    with instance.work() as work:
        assert service.release(work, projects.find(work, "demo"), by=None) == before
    assert told(instance) == at_first
    assert len(json.loads(offered(instance))["files"]) == 2


def test_a_quarantine_takes_the_project_out_of_the_list_and_its_end_puts_it_back(
    instance: Instance, site: Site, ada: Someone
) -> None:
    def listed() -> bool:
        return 'href="/simple/demo/"' in site.get("/simple/", headers={"Accept": "text/html"}).text

    assert listed()
    with instance.work() as work:
        service.quarantine(work, projects.find(work, "demo"), "", by=None)
    assert not listed()
    with instance.work() as work:
        service.release(work, projects.find(work, "demo"), by=None)
    assert listed()


def test_a_quarantine_begins_once_and_ends_once(instance: Instance, site: Site, ada: Someone) -> None:
    with instance.work() as work:
        project = projects.find(work, "demo")
        with pytest.raises(NotInQuarantine):
            service.release(work, project, by=None)
        service.quarantine(work, project, "first", by=None)
        with pytest.raises(InQuarantine):
            service.quarantine(work, project, "second", by=None)
        assert (project.status_reason, project.former_status) == ("first", "active")
        service.release(work, project, by=None)
        with pytest.raises(NotInQuarantine):
            service.release(work, project, by=None)


def test_of_an_owner_who_archives_and_a_quarantine_at_once_the_quarantine_stands(
    instance: Instance, site: Site, ada: Someone
) -> None:
    def archive() -> str:
        with instance.work() as work:
            try:
                service.mark(work, projects.find(work, "demo"), "archived", "", by=ada.account_id)
            except InQuarantine:
                return "refused"
        return "archived"

    def quarantine() -> str:
        with instance.work() as work:
            service.quarantine(work, projects.find(work, "demo"), "", by=None)
        return "quarantined"

    turns = iter([archive, quarantine, archive])

    def take_turn() -> str:
        return next(turns)()

    outcomes = at_once(take_turn, 3)
    assert told(instance) == {"status": "quarantined"}
    with instance.work() as work:
        former = service.release(work, projects.find(work, "demo"), by=None)
    assert former == ("archived" if "archived" in outcomes else "active")


def test_in_a_status_set_by_hand_a_release_makes_the_project_active(
    instance: Instance, site: Site, ada: Someone
) -> None:
    set_status(instance, "demo", "quarantined")
    with instance.work() as work:
        assert service.release(work, projects.find(work, "demo"), by=None) == "active"
