"""A project deleted for good."""

from __future__ import annotations

import pytest

from portal.index import service as index
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.errors import NameDeleted
from portal.projects.models import FILE
from tests.projects.shelved import FIRST, RELEASES, kinds, offered, send, sign_in_as, stocked
from tests.support.people import Someone, make_person
from tests.support.site import Site

DELETE = "/manage/project/demo/delete/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_the_typed_name_deletes_the_project_and_its_name(site: Site, instance: Instance, ada: Someone) -> None:
    assert FIRST in offered(instance)
    answer = send(site, DELETE, ada, name="Demo").follow()
    assert answer.html.title.text.startswith("Project Demo deleted – ")
    assert kinds(instance, ada)[-1] == "project.deleted"
    for path in ("/project/demo/", "/simple/demo/", RELEASES):
        assert site.get(path, expect_errors=True).status_int == 404
    assert "demo" not in site.get("/simple/", headers={"Accept": "text/html"}).text
    with instance.work() as work:
        assert projects.was_deleted(work, FILE, FIRST)
        with pytest.raises(NameDeleted):
            projects.create(work, "DEMO", ada.account_id)
    index.render_stale(instance)


def test_another_spelling_deletes_nothing(site: Site, instance: Instance, ada: Someone) -> None:
    assert send(site, DELETE, ada, name="demo").status_int == 422
    assert FIRST in offered(instance)


@pytest.mark.parametrize("username", ["noor", "cleo"])
def test_only_owners_find_any_of_these_pages(site: Site, instance: Instance, ada: Someone, username: str) -> None:
    if username == "cleo":
        make_person(instance, "cleo")
    sign_in_as(site, username)
    file = f"{RELEASES}1.0/files/{FIRST}/"
    for path in (
        DELETE,
        RELEASES,
        f"{RELEASES}1.0/",
        f"{RELEASES}1.0/yank/",
        f"{RELEASES}1.0/delete/",
        f"{file}yank/",
        f"{file}delete/",
    ):
        assert site.get(path, expect_errors=True).status_int == 404
