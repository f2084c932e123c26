"""Changing somebody's role."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects.models import MAINTAINER, OWNER
from tests.projects.peopled import PEOPLE, make_project, roles, send
from tests.support.people import Someone, make_person, sign_in, sign_in_limited
from tests.support.site import Site

NOOR = f"{PEOPLE}noor/role/"
ADA = f"{PEOPLE}ada/role/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in; Noor is a maintainer."""
    person = make_person(instance, "ada")
    make_project(instance, person, (make_person(instance, "noor"), MAINTAINER))
    sign_in(site, person)
    return person


def test_a_maintainer_becomes_an_owner(site: Site, instance: Instance, ada: Someone) -> None:
    page = site.get(NOOR)
    assert page.html.select_one("input[type=radio][checked]")["value"] == MAINTAINER
    assert "This is you" not in page.text
    page = send(page, role=OWNER).follow()
    assert page.request.path == PEOPLE
    assert page.html.title.text.startswith("Role of noor changed – ")
    assert roles(instance) == {"ada": OWNER, "noor": OWNER}


def test_the_only_owner_can_not_step_down(site: Site, instance: Instance, ada: Someone) -> None:
    page = site.get(ADA)
    assert "This is you" in page.text
    answer = send(page, role=MAINTAINER)
    assert answer.status_int == 422
    assert "Nobody else owns this project." in answer.html.find(id="role-error").text
    assert roles(instance)["ada"] == OWNER


def test_one_of_two_can(site: Site, instance: Instance, ada: Someone) -> None:
    send(site.get(NOOR), role=OWNER)
    assert send(site.get(ADA), role=MAINTAINER).status_int == 303
    assert roles(instance) == {"ada": MAINTAINER, "noor": OWNER}
    assert site.get(NOOR, expect_errors=True).status_int == 403


def test_what_is_no_role_is_refused(site: Site, instance: Instance, ada: Someone) -> None:
    page = site.get(NOOR)
    fields = dict(page.forms[len(page.forms) - 1].submit_fields())
    answer = site.post(NOOR, {**fields, "role": "emperor"}, expect_errors=True)
    assert answer.status_int == 422
    assert roles(instance)["noor"] == MAINTAINER


def test_somebody_without_a_role_is_not_found(site: Site, instance: Instance, ada: Someone) -> None:
    make_person(instance, "eve")
    for name in ("eve", "nobody"):
        assert site.get(f"{PEOPLE}{name}/role/", expect_errors=True).status_int == 404


def test_in_limited_mode_the_form_asks_for_the_password(site: Site, instance: Instance, ada: Someone) -> None:
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, ada)
    refused = send(bare.get(f"/~{handle}{NOOR}"), role=OWNER)
    assert refused.status_int == 422
    assert roles(instance)["noor"] == MAINTAINER
    assert send(refused, confirm_password=ada.password).status_int == 303
    assert roles(instance)["noor"] == OWNER
