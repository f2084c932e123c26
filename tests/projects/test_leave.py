"""Leaving a project."""

from __future__ import annotations

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.members import service
from portal.projects.models import MAINTAINER, OWNER
from tests.projects.peopled import MANAGE, PEOPLE, make_project, roles, send
from tests.support.people import make_person, sign_in
from tests.support.site import Site

LEAVE = f"{MANAGE}leave/"


def test_a_maintainer_leaves(site: Site, instance: Instance) -> None:
    noor = make_person(instance, "noor")
    make_project(instance, make_person(instance, "ada"), (noor, MAINTAINER))
    sign_in(site, noor)
    page = send(site.get(LEAVE)).follow()
    assert page.request.path == "/manage/projects/"
    assert page.html.title.text.startswith("You left the project Demo – ")
    assert roles(instance) == {"ada": OWNER}
    assert site.get(LEAVE, expect_errors=True).status_int == 404


def test_the_only_owner_is_led_to_inviting_another(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    make_project(instance, ada)
    sign_in(site, ada)
    page = site.get(LEAVE)
    assert "You can’t leave now: nobody else owns this project." in page.text
    assert page.html.main.find("a", href=f"{PEOPLE}invite/")
    assert page.html.main.find("form") is None


def test_who_has_become_the_only_owner_meanwhile_stays(site: Site, instance: Instance) -> None:
    ada, grace = make_person(instance, "ada"), make_person(instance, "grace")
    make_project(instance, ada, (grace, OWNER))
    sign_in(site, ada)
    page = site.get(LEAVE)
    with instance.work() as work:
        service.leave(work, projects.find(work, "demo"), grace.account_id)
    answer = send(page)
    assert answer.status_int == 409
    assert "nobody else owns this project" in answer.text
    assert roles(instance) == {"ada": OWNER}
