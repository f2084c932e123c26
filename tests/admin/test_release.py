"""An administrator ends a quarantine."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.lifecycle import service
from tests.admin.test_quarantine import status
from tests.desk.closing import kinds, send_confirmed
from tests.index.shelf import add_file
from tests.support.clock import NOON
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site

PAGE = "/admin/projects/sample-project/release/"


@pytest.fixture
def admin(instance: Instance, site: Site) -> Someone:
    """An administrator with an authenticator app, signed in; a project is in quarantine that was archived before."""
    root = make_person(instance, "root", admin=True, authenticator=True)
    sign_in(site, root, code=root.code(NOON))
    grace = make_person(instance, "grace")
    add_file(instance, "Sample_Project", owner=grace.account_id)
    with instance.work() as work:
        project = projects.find(work, "sample-project")
        service.mark(work, project, "archived", "Done.", by=grace.account_id)
        service.quarantine(work, project, "Malware", by=None)
    return root


def test_it_asks_for_password_and_code_and_then_the_project_is_as_before(
    instance: Instance, site: Site, admin: Someone
) -> None:
    page = site.get(PAGE)
    assert "Malware" in page.html.main.text
    assert send_confirmed(page, admin).status_int == 422
    answer = send_confirmed(site.get(PAGE), admin, admin.code(NOON, steps=1))
    assert "Project Sample_Project is released from quarantine" in answer.follow().html.title.text
    assert status(instance) == ("archived", "Done.")
    assert "This project is archived." in site.get("/project/sample-project/").html.main.text
    assert kinds(instance, admin.account_id)[-1] == "project.for_other.released"


def test_a_form_that_is_sent_once_more_changes_nothing_and_says_so(
    instance: Instance, site: Site, admin: Someone
) -> None:
    page = site.get(PAGE)
    with instance.work() as work:
        service.release(work, projects.find(work, "sample-project"), by=None)
    answer = send_confirmed(page, admin, admin.code(NOON, steps=1))
    assert answer.status_int == 409
    assert "Somebody else has just ended the quarantine." in answer.html.main.text
    assert "This project is not in quarantine." in site.get(PAGE).html.main.text
    assert site.get(PAGE).html.main.form is None
