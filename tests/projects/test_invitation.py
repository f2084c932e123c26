"""Answering an invitation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kernel.work import Instance
from portal.projects.models import MAINTAINER
from tests.projects.peopled import MANAGE, invite, make_project, release, roles, send
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person, sign_in, sign_in_limited
from tests.support.site import Site

LIST = "/manage/projects/"


@pytest.fixture
def noor(instance: Instance) -> Someone:
    """Who is invited."""
    return make_person(instance, "noor")


@pytest.fixture
def path(instance: Instance, noor: Someone) -> str:
    """The address of the invitation."""
    ada = make_person(instance, "ada")
    invitation_id = invite(instance, make_project(instance, ada), noor, MAINTAINER, by=ada)
    return f"{LIST}invitations/{invitation_id}/"


def test_the_list_of_projects_leads_there(site: Site, instance: Instance, noor: Someone, path: str) -> None:
    sign_in(site, noor)
    page = site.get(LIST).click(href="/invitations/")
    assert page.request.path == path
    text = " ".join(page.html.main.text.split())
    assert "ada invites you to become a maintainer." in text
    assert "You can answer until 15 June 2026, 12:00 UTC." in text
    assert page.html.select("input[type=radio][checked]") == []
    assert page.html.select_one('main a[href="/project/demo/"]') is None
    release(instance)
    assert site.get(path).html.select_one('main a[href="/project/demo/"]') is not None


def test_a_browser_that_chooses_the_first_by_itself_answers_nothing(
    site: Site, instance: Instance, noor: Someone, path: str
) -> None:
    sign_in(site, noor)
    page = site.get(path)
    answer = send(page, answer=page.html.select("input[name=answer]")[0]["value"])
    assert answer.status_int == 422
    assert "Choose whether you accept." in answer.html.main.text
    assert site.get(path).status_int == 200


def test_who_accepts_is_led_to_the_project(site: Site, instance: Instance, noor: Someone, path: str) -> None:
    sign_in(site, noor)
    answer = send(site.get(path), answer="accept")
    page = answer.follow()
    assert page.request.path == MANAGE
    assert page.html.title.text.startswith("You now work on the project Demo – ")
    assert roles(instance)["noor"] == "maintainer"
    assert site.get(path, expect_errors=True).status_int == 410


def test_who_declines_is_led_to_their_projects(site: Site, instance: Instance, noor: Someone, path: str) -> None:
    sign_in(site, noor)
    page = send(site.get(path), answer="decline").follow()
    assert page.request.path == LIST
    assert page.html.title.text.startswith("Invitation to the project Demo declined – ")
    assert page.html.find(id="invited") is None
    assert roles(instance) == {"ada": "owner"}


def test_without_an_answer_nothing_happens(site: Site, instance: Instance, noor: Someone, path: str) -> None:
    sign_in(site, noor)
    answer = send(site.get(path))
    assert answer.status_int == 422
    assert "Choose whether you accept." in answer.html.find(id="answer-error").text
    assert roles(instance) == {"ada": "owner"}


def test_an_answer_that_comes_too_late_says_so(
    site: Site, instance: Instance, clock: FixedClock, noor: Someone, path: str
) -> None:
    clock.advance(timedelta(days=14) - timedelta(seconds=1))
    sign_in(site, noor)
    page = site.get(path)
    clock.advance(timedelta(seconds=1))
    answer = send(page, answer="accept")
    assert answer.status_int == 410
    assert answer.html.h1.text == "This invitation is over"
    assert roles(instance) == {"ada": "owner"}


def test_the_same_form_sent_twice_counts_once(site: Site, noor: Someone, path: str) -> None:
    sign_in(site, noor)
    page = site.get(path)
    assert send(page, answer="accept").status_int == 303
    assert send(page, answer="decline").status_int == 410


@pytest.mark.parametrize("other", ["ada's", "no-id"])
def test_it_is_nobody_else_s(site: Site, instance: Instance, path: str, other: str) -> None:
    sign_in(site, make_person(instance, "eve"))
    asked = path if other == "ada's" else f"{LIST}invitations/{other}/"
    assert site.get(asked, expect_errors=True).status_int == 404


def test_in_limited_mode_the_form_asks_for_the_password(
    site: Site, instance: Instance, noor: Someone, path: str
) -> None:
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, noor)
    refused = send(bare.get(f"/~{handle}{path}"), answer="accept")
    assert refused.status_int == 422
    assert roles(instance) == {"ada": "owner"}
    answer = send(refused, confirm_password=noor.password)
    assert answer.headers["Location"] == f"http://localhost/~{handle}{MANAGE}"
    assert roles(instance)["noor"] == "maintainer"
