"""Roles: who may change them, and that a project never loses its last owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.desk.closing import service as closing
from portal.desk.closing.errors import SoleOwner
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance, Work
from portal.projects.members import service
from portal.projects.members.errors import LastOwner, NotOwner
from portal.projects.models import MAINTAINER, OWNER, Project
from tests.projects.peopled import kinds, make_project, roles
from tests.support.people import Someone, make_person
from tests.support.races import at_once


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """The first owner."""
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


def test_owners_stand_first_and_then_names_count(instance: Instance, demo: Project, noor: Someone) -> None:
    with instance.work() as work:
        service.join(work, demo.id, make_person_later(instance, work), OWNER)
        found = service.members(work, demo.id)
    assert [(row.username, row.owner) for row in found] == [
        ("ada", True),
        ("eve", True),
        ("grace", True),
        ("noor", False),
    ]
    assert all(row.since == work.now and not row.closing for row in found)


def make_person_later(instance: Instance, work: Work) -> Any:
    """The id of somebody who comes while a transaction waits."""
    work.settle()
    return make_person(instance, "eve").account_id


def test_a_maintainer_changes_nobody(instance: Instance, demo: Project, ada: Someone, noor: Someone) -> None:
    with instance.work() as work:
        with pytest.raises(NotOwner):
            service.change(work, demo, noor.account_id, OWNER, by=noor.account_id)
        with pytest.raises(NotOwner):
            service.remove(work, demo, ada.account_id, by=noor.account_id)
    assert roles(instance) == {"ada": OWNER, "grace": OWNER, "noor": MAINTAINER}


def test_a_role_is_changed_both_ways_and_both_histories_tell_it(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    with instance.work() as work:
        assert service.change(work, demo, noor.account_id, OWNER, by=ada.account_id)
        assert not service.change(work, demo, noor.account_id, OWNER, by=ada.account_id)
    assert roles(instance)["noor"] == OWNER
    with instance.work() as work:
        assert service.change(work, demo, ada.account_id, MAINTAINER, by=noor.account_id)
    assert roles(instance)["ada"] == MAINTAINER
    changes = ["project.maintainer_to_owner", "project.owner_to_maintainer"]
    assert kinds(instance, project=demo)[-2:] == changes
    assert kinds(instance, account=noor) == [changes[0], "project.for_other.made_maintainer"]
    assert kinds(instance, account=ada)[-2:] == ["project.for_other.made_owner", changes[1]]


def test_somebody_without_a_role_is_not_found(instance: Instance, demo: Project, ada: Someone) -> None:
    stranger = make_person(instance, "eve").account_id
    with instance.work() as work:
        with pytest.raises(NotFound):
            service.change(work, demo, stranger, OWNER, by=ada.account_id)
        with pytest.raises(NotFound):
            service.remove(work, demo, stranger, by=ada.account_id)
        with pytest.raises(NotFound):
            service.leave(work, demo, stranger)


def test_the_last_owner_stays_one(instance: Instance, demo: Project, ada: Someone, grace: Someone) -> None:
    with instance.work() as work:
        service.leave(work, demo, grace.account_id)
        with pytest.raises(LastOwner):
            service.leave(work, demo, ada.account_id)
        with pytest.raises(LastOwner):
            service.change(work, demo, ada.account_id, MAINTAINER, by=ada.account_id)
        with pytest.raises(LastOwner):
            service.remove(work, demo, ada.account_id, by=ada.account_id)
    assert roles(instance) == {"ada": OWNER, "noor": MAINTAINER}


def test_an_owner_who_has_closed_their_account_does_not_count(
    instance: Instance, demo: Project, ada: Someone, grace: Someone
) -> None:
    with instance.work() as work:
        closing.close(work, grace.account_id)
    with instance.work() as work:
        assert service.owners(work, demo.id) == [ada.account_id]
        with pytest.raises(LastOwner):
            service.leave(work, demo, ada.account_id)


def test_a_maintainer_leaves_whenever_they_like(instance: Instance, demo: Project, noor: Someone) -> None:
    with instance.work() as work:
        service.leave(work, demo, noor.account_id)
    assert roles(instance) == {"ada": OWNER, "grace": OWNER}
    assert kinds(instance, account=noor) == ["project.member_left"]


Act = Callable[[Work, Project, Someone, Someone], Any]


def leave(work: Work, demo: Project, me: Someone, _other: Someone) -> None:
    """Go."""
    service.leave(work, demo, me.account_id)


def step_down(work: Work, demo: Project, me: Someone, _other: Someone) -> None:
    """Become a maintainer."""
    service.change(work, demo, me.account_id, MAINTAINER, by=me.account_id)


def throw_out(work: Work, demo: Project, me: Someone, other: Someone) -> None:
    """Remove the other one."""
    service.remove(work, demo, other.account_id, by=me.account_id)


def close_account(work: Work, _demo: Project, me: Someone, _other: Someone) -> None:
    """Close the account."""
    closing.close(work, me.account_id)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (leave, leave),
        (leave, step_down),
        (leave, throw_out),
        (leave, close_account),
        (step_down, step_down),
        (step_down, close_account),
        (throw_out, throw_out),
        (throw_out, close_account),
    ],
)
def test_of_two_owners_who_act_at_the_same_instant_one_stays(
    instance: Instance, demo: Project, ada: Someone, grace: Someone, first: Act, second: Act
) -> None:
    waiting = [(first, ada, grace), (second, grace, ada)]

    def act() -> str:
        what, me, other = waiting.pop()
        with instance.work() as work:
            what(work, demo, me, other)
        return "done"

    outcomes = at_once(act, 2)
    with instance.work(write=False) as work:
        assert len(service.owners(work, demo.id)) >= 1
    refusals = [outcome for outcome in outcomes if outcome != "done"]
    assert all(isinstance(refusal, LastOwner | NotOwner | NotFound | SoleOwner) for refusal in refusals), refusals
    assert len(refusals) <= 1


def test_who_closes_the_account_while_becoming_an_owner_is_not_the_only_one(
    instance: Instance, ada: Someone, noor: Someone
) -> None:
    demo = make_project(instance, ada, (noor, MAINTAINER))

    def hand_over(work: Work) -> None:
        service.change(work, demo, noor.account_id, OWNER, by=ada.account_id)

    acts = [
        lambda work: service.leave(work, demo, ada.account_id),
        lambda work: closing.close(work, noor.account_id),
        hand_over,
    ]

    def act() -> None:
        one = acts.pop()
        with instance.work() as work:
            one(work)

    refusals = [outcome for outcome in at_once(act, 3) if outcome is not None]
    assert all(isinstance(refusal, LastOwner | NotOwner | SoleOwner) for refusal in refusals), refusals
    with instance.work(write=False) as work:
        assert service.owners(work, demo.id)
