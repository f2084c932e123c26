"""Taking somebody's role away."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.members import service
from portal.projects.models import MAINTAINER
from tests.projects.peopled import PEOPLE, make_project, roles, send
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site
from tests.uploads.artefacts import wheel
from tests.uploads.conftest import Uploader, ready, uploader

__all__ = ["ready", "uploader"]

NOOR = f"{PEOPLE}noor/remove/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in; Noor is a maintainer."""
    person = make_person(instance, "ada")
    make_project(instance, person, (make_person(instance, "noor"), MAINTAINER))
    sign_in(site, person)
    return person


def test_the_person_has_no_role_any_more(site: Site, instance: Instance, ada: Someone) -> None:
    page = site.get(NOOR)
    assert page.html.h1.text == "Remove noor from Demo?"
    page = send(page).follow()
    assert page.request.path == PEOPLE
    assert page.html.title.text.startswith("noor removed from the project Demo – ")
    assert roles(instance) == {"ada": "owner"}
    assert site.get(NOOR, expect_errors=True).status_int == 404


def test_oneself_one_does_not_remove(site: Site, ada: Someone) -> None:
    answer = site.get(f"{PEOPLE}ada/remove/")
    assert answer.headers["Location"] == "http://localhost/manage/project/demo/leave/"


def test_their_tokens_upload_nothing_more_from_that_moment(ready: Instance, uploader: Uploader) -> None:
    root = make_person(ready, "root")
    uploader.send(wheel())
    with ready.work() as work:
        demo = projects.find(work, "demo")
        service.join(work, demo.id, root.account_id, "owner")
        service.remove(work, demo, uploader.account_id, by=root.account_id)
    assert uploader.send(wheel(version="1.1")).code == "no-role"
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]
