"""Letters about who works on a project: who gets them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.projects.members import invitations, service
from portal.projects.models import MAINTAINER, OWNER, Project
from tests.notices.conftest import Postbox
from tests.projects.peopled import actor, invite, make_project
from tests.support.instances import READER
from tests.support.people import Someone, make_person

ROLE = "Your role in the project Demo"
PEOPLE = "Who works on the project Demo"


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """An owner."""
    return make_person(instance, "ada")


@pytest.fixture
def grace(instance: Instance) -> Someone:
    """Another owner."""
    return make_person(instance, "grace")


@pytest.fixture
def noor(instance: Instance) -> Someone:
    """A maintainer."""
    return make_person(instance, "noor")


@pytest.fixture
def demo(instance: Instance, ada: Someone, grace: Someone, noor: Someone) -> Project:
    """Their project."""
    return make_project(instance, ada, (grace, OWNER), (noor, MAINTAINER))


def arrived(instance: Instance, postbox: Postbox) -> dict[tuple[str, str], str]:
    """The text of every letter by name of its recipient and subject, without isolating marks and line breaks."""
    send_due(instance)
    found = {}
    for message in postbox.messages:
        key = (str(message["To"]).partition("@")[0], plain([str(message["Subject"])]))
        assert key not in found
        found[key] = plain(message.get_content().split())
    return found


def plain(words: Iterable[str]) -> str:
    """Words with spaces between."""
    return " ".join(words)


def test_making_somebody_an_owner_is_told_to_them_and_to_all_owners(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, noor: Someone
) -> None:
    with instance.work(actor(ada)) as work:
        service.change(work, demo, noor.account_id, OWNER, by=ada.account_id)
    found = arrived(instance, postbox)
    assert set(found) == {("noor", ROLE), ("ada", PEOPLE), ("grace", PEOPLE)}
    assert "ada made you an owner of the project Demo." in found["noor", ROLE]
    assert "ada made noor an owner of the project Demo." in found["grace", PEOPLE]
    assert "http://localhost/manage/project/demo/collaborators/" in found["grace", PEOPLE]
    assert all(READER.address not in text for text in found.values())


def test_removing_an_owner_is_told_to_them_and_to_all_owners(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, grace: Someone
) -> None:
    with instance.work(actor(ada)) as work:
        service.remove(work, demo, grace.account_id, by=ada.account_id)
    found = arrived(instance, postbox)
    assert set(found) == {("grace", ROLE), ("ada", PEOPLE)}
    assert "ada removed you from the project Demo." in found["grace", ROLE]
    assert "ada removed grace from the project Demo." in found["ada", PEOPLE]
    assert all(READER.address not in text for text in found.values())


def test_stepping_down_is_told_with_the_way_to_act_if_it_was_somebody_else(
    instance: Instance, postbox: Postbox, demo: Project, grace: Someone
) -> None:
    with instance.work(actor(grace)) as work:
        service.change(work, demo, grace.account_id, MAINTAINER, by=grace.account_id)
    found = arrived(instance, postbox)
    assert set(found) == {("grace", ROLE), ("ada", PEOPLE)}
    assert "You are now a maintainer of the project Demo." in found["grace", ROLE]
    assert f"Network address: {READER.address}" in found["grace", ROLE]
    assert "http://localhost/account/reset-password/" in found["grace", ROLE]
    assert "grace is no longer an owner of the project Demo" in found["ada", PEOPLE]
    assert READER.address not in found["ada", PEOPLE]


def test_leaving_is_told_to_them_and_to_all_owners(
    instance: Instance, postbox: Postbox, demo: Project, noor: Someone
) -> None:
    with instance.work(actor(noor)) as work:
        service.leave(work, demo, noor.account_id)
    found = arrived(instance, postbox)
    assert set(found) == {("noor", ROLE), ("ada", PEOPLE), ("grace", PEOPLE)}
    assert "You left the project Demo." in found["noor", ROLE]
    assert "noor left the project Demo." in found["ada", PEOPLE]


@pytest.mark.parametrize("role", [OWNER, MAINTAINER])
def test_accepting_is_told_to_them_and_to_all_owners(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, role: str
) -> None:
    eve = make_person(instance, "eve")
    invitation_id = invite(instance, demo, eve, role, by=ada)  # type: ignore[arg-type]
    with instance.work(actor(eve)) as work:
        invitations.accept(work, invitations.find(work, invitation_id, account_id=eve.account_id))
    found = arrived(instance, postbox)
    assert set(found) == {("eve", "Invitation to the project Demo"), ("eve", ROLE), ("ada", PEOPLE), ("grace", PEOPLE)}
    article = "an owner" if role == OWNER else "a maintainer"
    assert f"ada invites you to become {article}" in found["eve", "Invitation to the project Demo"]
    assert f"You accepted an invitation and are now {article} of the project Demo." in found["eve", ROLE]
    assert f"eve accepted an invitation and is now {article} of the project Demo." in found["grace", PEOPLE]


def test_making_an_owner_a_maintainer_says_what_is_left(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, grace: Someone
) -> None:
    with instance.work(actor(ada)) as work:
        service.change(work, demo, grace.account_id, MAINTAINER, by=ada.account_id)
    found = arrived(instance, postbox)
    assert "ada made you a maintainer of the project Demo." in found["grace", ROLE]
    assert "ada made grace a maintainer of the project Demo, who was an owner before." in found["ada", PEOPLE]


def test_who_declines_is_told_to_whoever_invited_them_and_to_nobody_else(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone
) -> None:
    guest = make_person(instance, "guest")
    invitation_id = invite(instance, demo, guest, by=ada)
    send_due(instance)
    postbox.messages.clear()
    with instance.work(actor(guest)) as work:
        invitations.decline(work, invitations.find(work, invitation_id, account_id=guest.account_id))
    found = arrived(instance, postbox)
    assert set(found) == {("ada", "Your invitation to the project Demo was declined")}
    [text] = found.values()
    assert "guest does not want to work on the project Demo." in text
    assert READER.address not in text
