"""In quarantine a project can be looked at by those who work on it, and changed by none of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.lifecycle import service
from portal.projects.lifecycle.errors import InQuarantine
from portal.projects.models import File, Project
from portal.projects.releases import service as shelf
from tests.projects.shelved import FIRST, RELEASE, RELEASES, kinds, send, sign_in_as, stocked
from tests.support.people import Someone, last_form
from tests.support.site import Site

OVERVIEW = "/manage/project/demo/"
FILE = f"{RELEASE}files/{FIRST}/"
FORMS = {
    f"{OVERVIEW}status/": {"status": "active"},
    f"{OVERVIEW}delete/": {"name": "Demo"},
    f"{RELEASE}yank/": {"state": "withdrawn"},
    f"{RELEASE}delete/": {"name": "1.0"},
    f"{FILE}yank/": {"state": "withdrawn"},
    f"{FILE}delete/": {"name": FIRST},
}


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def quarantine(instance: Instance, reason: str = "") -> None:
    """As an administrator does it."""
    with instance.work() as work:
        service.quarantine(work, projects.find(work, "demo"), reason, by=None)


def test_its_people_see_it_and_read_why(site: Site, instance: Instance, ada: Someone) -> None:
    quarantine(instance, "It sends passwords away.")
    assert "(in quarantine)" in site.get("/manage/projects/").html.main.text
    for path in (OVERVIEW, RELEASES, RELEASE):
        main = site.get(path).html.main
        assert "This project is in quarantine." in main.text
        assert "It sends passwords away." in main.text
    links = [link["href"] for link in site.get(OVERVIEW).html.main.ul.find_all("a")]
    assert not set(links) & {f"{OVERVIEW}status/", f"{OVERVIEW}upload/", "/project/demo/"}
    sign_in_as(site, "noor")
    assert "This project is in quarantine." in site.get(OVERVIEW).html.main.text


def test_nothing_is_offered_that_can_not_be_done(site: Site, instance: Instance, ada: Someone) -> None:
    quarantine(instance)
    offered = {link["href"] for link in site.get(RELEASE).html.main.find_all("a")}
    assert offered == {RELEASES}


@pytest.mark.parametrize("path", FORMS)
def test_there_is_no_form_but_a_sentence(site: Site, instance: Instance, ada: Someone, path: str) -> None:
    quarantine(instance)
    page = site.get(path)
    assert page.html.title.text.startswith("Nothing can be changed: Demo is in quarantine")
    assert "Only they can end the quarantine." in page.html.main.text
    assert page.html.main.form is None


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_was_open_does_nothing_any_more(site: Site, instance: Instance, ada: Someone, path: str) -> None:
    form = last_form(site.get(path))
    quarantine(instance)
    before = kinds(instance, ada)
    for name, value in FORMS[path].items():
        form[name] = value
    if "confirm-password" in form.fields:
        form["confirm-password"] = ada.password
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert "Nothing can be changed now" in answer.html.main.text
    assert kinds(instance, ada) == before


def whole_release(change: Callable[..., None], *reason: str) -> Callable[[Work, Project, Someone], None]:
    """A change of the release."""

    def run(work: Work, project: Project, person: Someone) -> None:
        change(work, project, shelf.find_release(work, project, "1.0"), *reason, by=person.account_id)

    return run


def one_file(change: Callable[..., None], *reason: str) -> Callable[[Work, Project, Someone], None]:
    """A change of a file."""

    def run(work: Work, project: Project, person: Someone) -> None:
        file = shelf.find_file(work, shelf.find_release(work, project, "1.0"), FIRST)
        change(work, project, file, *reason, by=person.account_id)

    return run


CHANGES = {
    "yank_release": whole_release(shelf.yank_release, ""),
    "restore_release": whole_release(shelf.restore_release),
    "delete_release": whole_release(shelf.delete_release),
    "yank_file": one_file(shelf.yank_file, ""),
    "restore_file": one_file(shelf.restore_file),
    "delete_file": one_file(shelf.delete_file),
    "delete_project": lambda work, project, person: shelf.delete_project(work, project, by=person.account_id),
    "mark": lambda work, project, person: service.mark(work, project, "active", "", by=person.account_id),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_service_changes_anything(site: Site, instance: Instance, ada: Someone, change: str) -> None:
    quarantine(instance)
    with instance.work() as work, pytest.raises(InQuarantine):
        CHANGES[change](work, projects.find(work, "demo"), ada)
    with instance.work() as work:
        assert work.db.query(File).filter(File.yanked.is_(False)).count() == 2


def test_afterwards_everything_can_be_changed_again(site: Site, instance: Instance, ada: Someone) -> None:
    quarantine(instance)
    with instance.work() as work:
        service.release(work, projects.find(work, "demo"), by=None)
    assert send(site, f"{RELEASE}yank/", ada, state="withdrawn").status_int == 303
    assert send(site, f"{OVERVIEW}delete/", ada, name="Demo").status_int == 303


def test_strangers_learn_no_more_than_installers_do(site: Site, instance: Instance, ada: Someone) -> None:
    quarantine(instance, "It sends passwords away.")
    site.reset()
    for path in ("/project/demo/", "/project/demo/1.0/", "/pypi/demo/json"):
        unknown = site.get(path.replace("demo", "nowhere"), expect_errors=True)
        found = site.get(path, expect_errors=True)
        assert (found.status_int, unknown.status_int) == (404, 404)
        assert "quarantine" not in found.text
