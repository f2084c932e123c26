"""Making administrators, and removing them; the last one stays."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts import administrators, leaving
from portal.accounts import service as accounts
from portal.accounts.errors import AlreadyAdministrator, LastAdministrator, NoAdministrator, NotOpen
from portal.kernel.work import Instance, Work
from portal.notices.service import send_due
from tests.desk.closing import kinds
from tests.notices.conftest import Postbox, postbox
from tests.support.people import Someone, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site

__all__ = ["postbox"]

USERS = "/admin/users/"


@pytest.fixture
def root(instance: Instance) -> Someone:
    """The first administrator."""
    return make_person(instance, "root", admin=True)


@pytest.fixture
def noor(instance: Instance) -> Someone:
    """Somebody else."""
    return make_person(instance, "noor")


def make(work: Work, person: Someone) -> None:
    """Make this person an administrator."""
    administrators.make(work, accounts.find(work, person.account_id))


def remove(work: Work, person: Someone) -> None:
    """Take this person's rights."""
    administrators.remove(work, accounts.find(work, person.account_id))


def test_somebody_becomes_an_administrator_and_is_none_again_at_once(
    instance: Instance, site: Site, root: Someone, noor: Someone
) -> None:
    sign_in(site, noor)
    assert site.get(USERS, expect_errors=True).status_int in {403, 404}
    with instance.work() as work:
        make(work, noor)
    assert site.get(USERS).status_int == 200
    with instance.work() as work:
        assert administrators.listed(work) == [noor.account_id, root.account_id]
        remove(work, noor)
    assert site.get(USERS, expect_errors=True).status_int in {403, 404}
    assert kinds(instance, noor.account_id)[-2:] == ["account.administrator_made", "account.administrator_removed"]


@pytest.mark.parametrize("added", [True, False])
def test_every_administrator_gets_a_letter(
    instance: Instance, postbox: Postbox, root: Someone, noor: Someone, added: bool
) -> None:
    second = make_person(instance, "second", admin=True)
    with instance.work() as work:
        if added:
            make(work, noor)
        else:
            remove(work, root)
    send_due(instance)
    told = {str(message["To"]): message.get_content().replace("\n", " ") for message in postbox.messages}
    subjects = {str(message["To"]): str(message["Subject"]) for message in postbox.messages}
    if added:
        assert subjects[noor.email] == "You are an administrator now"
        assert subjects[root.email] == "New administrator: noor"
        assert set(told) == {noor.email, root.email, second.email}
        assert "You are an administrator of this index from now on." in told[noor.email]
        assert "noor is an administrator of this index" in told[root.email]
    else:
        assert set(told) == {root.email, second.email}
        assert "You are no longer an administrator of this index." in told[root.email]
        assert subjects[root.email] == "You are no longer an administrator"
        assert subjects[second.email] == "No longer an administrator: root"
        assert "root is no longer an administrator" in told[second.email]


def test_what_can_not_be_done(instance: Instance, root: Someone, noor: Someone) -> None:
    with instance.work() as work:
        with pytest.raises(AlreadyAdministrator):
            make(work, root)
        with pytest.raises(NoAdministrator):
            remove(work, noor)
        with pytest.raises(LastAdministrator):
            remove(work, root)
        leaving.close(work, noor.account_id)
        with pytest.raises(NotOpen):
            make(work, noor)


def test_an_administrator_who_has_closed_the_account_does_not_count(instance: Instance, root: Someone) -> None:
    second = make_person(instance, "second", admin=True)
    with instance.work() as work:
        leaving.close(work, second.account_id)
    with instance.work() as work:
        with pytest.raises(LastAdministrator):
            remove(work, root)
        assert administrators.listed(work) == [root.account_id]


def close(work: Work, person: Someone) -> Any:
    """Close the account."""
    return leaving.close(work, person.account_id)


@pytest.mark.parametrize("other", [remove, close])
def test_of_two_who_go_at_the_same_instant_one_stays(instance: Instance, root: Someone, other: Any) -> None:
    waiting = [(remove, root), (other, make_person(instance, "second", admin=True))]

    def go() -> str:
        act, person = waiting.pop()
        with instance.work() as work:
            act(work, person)
        return "gone"

    outcomes = at_once(go, 2)
    assert sorted(str(outcome) or type(outcome).__name__ for outcome in outcomes) == ["LastAdministrator", "gone"]
    with instance.work(write=False) as work:
        assert len(administrators.listed(work)) == 1
