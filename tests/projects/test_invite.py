"""Inviting somebody to a project."""

from __future__ import annotations

import pytest

from portal.desk.closing import service as closing
from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.projects import service as projects
from portal.projects.members import invitations, service
from tests.notices.conftest import Postbox, postbox
from tests.projects.peopled import PEOPLE, invite, make_project, send
from tests.support.people import Someone, make_person, sign_in, sign_in_limited
from tests.support.site import Site

__all__ = ["postbox"]

INVITE = f"{PEOPLE}invite/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    person = make_person(instance, "ada")
    make_project(instance, person)
    sign_in(site, person)
    return person


def test_an_invitation_is_sent_and_stands_on_the_page_of_people(site: Site, instance: Instance, ada: Someone) -> None:
    make_person(instance, "noor")
    answer = send(site.get(INVITE), username="Noor", role="maintainer")
    assert answer.status_int == 303
    page = answer.follow()
    assert page.request.path == PEOPLE
    assert page.html.title.text.startswith("Invitation to noor sent – ")
    assert "Can answer until" in page.html.main.text


def test_an_invitation_that_no_letter_tells_of_says_so_and_waits_on_the_pages_of_its_person(
    site: Site, instance: Instance, ada: Someone, postbox: Postbox
) -> None:
    noor = make_person(instance, "noor", confirmed=False)
    told = send(site.get(INVITE), username="noor", role="maintainer").follow().html.select_one(".result").get_text()
    assert "no letter was sent: this person has not confirmed an e-mail address" in told
    assert "They see the invitation after signing in" in told
    send_due(instance)
    assert "noor@example.org" not in [message["To"] for message in postbox.messages]
    with instance.work() as work:
        assert [waiting.username for waiting in invitations.of_account(work, noor.account_id)] == ["noor"]


@pytest.mark.parametrize("name", ["nobody", "no such name!", "grace"])
def test_nobody_is_invited_who_could_not_answer(site: Site, instance: Instance, ada: Someone, name: str) -> None:
    grace = make_person(instance, "grace")
    with instance.work() as work:
        closing.close(work, grace.account_id)
    answer = send(site.get(INVITE), username=name, role="owner")
    assert answer.status_int == 422
    assert "There is no open account with this user name." in answer.html.find(id="username-error").text


def test_the_role_has_to_be_chosen(site: Site, instance: Instance, ada: Someone) -> None:
    make_person(instance, "noor")
    page = site.get(INVITE)
    assert page.html.select("input[type=radio][checked]") == []
    answer = send(page, username="noor")
    assert answer.status_int == 422
    assert "Choose what the person should be." in answer.html.find(id="role-error").text
    assert send(answer, role="owner").status_int == 303


def test_the_page_says_who_works_there_or_was_invited_already(site: Site, instance: Instance, ada: Someone) -> None:
    make_person(instance, "noor")
    send(site.get(INVITE), username="noor", role="owner")
    answer = send(site.get(INVITE), username="noor", role="owner")
    assert (answer.status_int, "has not answered yet" in answer.text) == (422, True)
    answer = send(site.get(INVITE), username="ada", role="owner")
    assert (answer.status_int, "has a role in the project already" in answer.text) == (422, True)


def test_limits_are_told_with_their_number(
    site: Site, instance: Instance, ada: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 1)
    for name in ("noor", "grace"):
        make_person(instance, name)
        answer = send(site.get(INVITE), username=name, role="owner")
    assert "1 people have not answered yet" in answer.text


def test_in_limited_mode_the_form_asks_for_the_password(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    make_project(instance, ada)
    bare = Site(site.application, takes_cookies=False)
    page = bare.get(f"/~{sign_in_limited(bare, ada)}{INVITE}")
    assert page.forms[len(page.forms) - 1].action == INVITE
    refused = send(page, username="noor", role="owner")
    assert refused.status_int == 422
    with instance.work(write=False) as work:
        assert invitations.of_account(work, noor.account_id) == []
    assert send(refused, confirm_password=ada.password).status_int == 303
    with instance.work(write=False) as work:
        assert len(invitations.of_account(work, noor.account_id)) == 1


def test_who_was_removed_meanwhile_invites_nobody(site: Site, instance: Instance, ada: Someone) -> None:
    grace, noor = make_person(instance, "grace"), make_person(instance, "noor")
    page = site.get(INVITE)
    with instance.work() as work:
        demo = projects.find(work, "demo")
        service.join(work, demo.id, grace.account_id, "owner")
        service.remove(work, demo, ada.account_id, by=grace.account_id)
    assert send(page, username="noor", role="owner").status_int == 404
    with instance.work(write=False) as work:
        assert invitations.of_account(work, noor.account_id) == []


def test_the_invited_person_gets_a_letter_with_the_way_to_the_answer(
    site: Site, instance: Instance, postbox: Postbox
) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    invitation_id = invite(instance, make_project(instance, ada), noor, by=ada)
    send_due(instance)
    [message] = postbox.messages
    assert (message["To"], message["Subject"]) == ("noor@example.org", "Invitation to the project Demo")
    text = message.get_content()
    assert f"http://localhost/manage/projects/invitations/{invitation_id}/" in text.splitlines()
    assert "15 June 2026, 12:00 UTC" in " ".join(text.split())
    assert "192.0.2.7" not in text
