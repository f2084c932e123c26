"""Taking an invitation back."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects.members import invitations
from tests.projects.peopled import PEOPLE, invite, make_project, send
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site


@pytest.fixture
def noor(instance: Instance) -> Someone:
    """Who is invited."""
    return make_person(instance, "noor")


@pytest.fixture
def path(site: Site, instance: Instance, noor: Someone) -> str:
    """Where its owner, signed in, takes it back."""
    ada = make_person(instance, "ada")
    invitation_id = invite(instance, make_project(instance, ada), noor, by=ada)
    sign_in(site, ada)
    return f"{PEOPLE}invitations/{invitation_id}/withdraw/"


def test_it_is_taken_back_and_can_not_be_accepted(site: Site, instance: Instance, noor: Someone, path: str) -> None:
    page = site.get(path)
    assert page.html.h1.text == "Withdraw the invitation to noor?"
    page = send(page).follow()
    assert page.request.path == PEOPLE
    assert page.html.title.text.startswith("Invitation to noor withdrawn – ")
    with instance.work(write=False) as work:
        assert invitations.of_account(work, noor.account_id) == []


def test_once_only(site: Site, path: str) -> None:
    page = site.get(path)
    assert send(page).status_int == 303
    assert send(page).status_int == 410
    assert site.get(path, expect_errors=True).status_int == 410


def test_not_on_the_page_of_another_project(site: Site, instance: Instance, path: str) -> None:
    eve = make_person(instance, "eve")
    make_project(instance, eve, name="Other")
    site = Site(site.application)
    sign_in(site, eve)
    assert site.get(path, expect_errors=True).status_int == 404
    assert site.get(path.replace("/demo/", "/other/"), expect_errors=True).status_int == 404
    assert site.get("/manage/project/other/collaborators/invitations/x/withdraw/", expect_errors=True).status_int == 404
