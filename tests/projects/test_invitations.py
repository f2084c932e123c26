"""Invitations: made by owners, answered once by their person, within fourteen days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts import leaving
from portal.accounts import service as accounts
from portal.desk.closing import service as closing
from portal.desk.closing.errors import SoleOwner
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from portal.projects.members import invitations, service
from portal.projects.members.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationOver,
    InvitedTooOften,
    LastOwner,
    NotOwner,
    TooManyInvitations,
)
from portal.projects.members.models import ProjectInvitation
from portal.projects.models import MAINTAINER, OWNER, Project
from tests.projects.peopled import invite, kinds, make_project, roles
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person
from tests.support.races import at_once


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """The owner."""
    return make_person(instance, "ada")


@pytest.fixture
def noor(instance: Instance) -> Someone:
    """Who is invited."""
    return make_person(instance, "noor")


@pytest.fixture
def demo(instance: Instance, ada: Someone) -> Project:
    """The project."""
    return make_project(instance, ada)


@pytest.mark.parametrize("role", [OWNER, MAINTAINER])
def test_who_accepts_has_the_role_and_histories_tell_it(
    instance: Instance, demo: Project, ada: Someone, noor: Someone, role: Any
) -> None:
    invitation_id = invite(instance, demo, noor, role, by=ada)
    assert roles(instance) == {"ada": OWNER}
    with instance.work() as work:
        invitations.accept(work, invitations.find(work, invitation_id, account_id=noor.account_id))
        assert invitations.of_account(work, noor.account_id) == []
        [member] = [row for row in service.members(work, demo.id) if row.username == "noor"]
        assert member.since == work.now
    assert roles(instance) == {"ada": OWNER, "noor": role}
    told = [f"project.{role}_invited", f"project.{role}_joined"]
    assert kinds(instance, account=noor) == told
    assert kinds(instance, project=demo)[-2:] == told
    assert kinds(instance, account=ada)[-1] == f"project.for_other.{role}_invited"


def test_who_declines_has_none(instance: Instance, demo: Project, ada: Someone, noor: Someone) -> None:
    invitation_id = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        waiting = invitations.find(work, invitation_id, account_id=noor.account_id)
        invitations.decline(work, waiting)
        with pytest.raises(AlreadyUsed):
            invitations.accept(work, waiting)
    assert roles(instance) == {"ada": OWNER}
    assert kinds(instance, account=noor)[-1] == "project.invitation_declined"


def test_it_is_nobody_else_s(instance: Instance, demo: Project, ada: Someone, noor: Someone) -> None:
    invitation_id = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        for unknown in (invitation_id, new_id()):
            with pytest.raises(NotFound):
                invitations.find(work, unknown, account_id=ada.account_id)
            with pytest.raises(NotFound):
                invitations.find(work, unknown, project_id=new_id())
        with pytest.raises(NotFound):
            invitations.find(work, invitation_id)


def test_after_fourteen_days_it_is_over_and_another_can_be_made(
    instance: Instance, clock: FixedClock, demo: Project, ada: Someone, noor: Someone
) -> None:
    invitation_id = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        waiting = invitations.find(work, invitation_id, account_id=noor.account_id)
    clock.advance(timedelta(days=14))
    with instance.work() as work:
        with pytest.raises(InvitationOver):
            invitations.find(work, invitation_id, account_id=noor.account_id)
        with pytest.raises(AlreadyUsed):
            invitations.accept(work, waiting)
        assert invitations.of_account(work, noor.account_id) == []
        assert invitations.of_project(work, demo.id) == []
    assert invite(instance, demo, noor, by=ada) != invitation_id


def test_who_may_not_be_invited(instance: Instance, demo: Project, ada: Someone, noor: Someone) -> None:
    invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        person, owner = accounts.find(work, noor.account_id), accounts.find(work, ada.account_id)
        with pytest.raises(AlreadyMember):
            invitations.invite(work, demo, owner, OWNER, by=ada.account_id)
        with pytest.raises(AlreadyInvited) as refused:
            invitations.invite(work, demo, person, OWNER, by=ada.account_id)
        assert refused.value.until == work.now + invitations.LIFE
        with pytest.raises(NotOwner):
            invitations.invite(work, demo, person, OWNER, by=noor.account_id)


def test_nobody_is_pestered(instance: Instance, clock: FixedClock, demo: Project, ada: Someone, noor: Someone) -> None:
    for _each in range(invitations.MOST_IN_LIFE):
        invitation_id = invite(instance, demo, noor, by=ada)
        with instance.work() as work:
            invitations.decline(work, invitations.find(work, invitation_id, account_id=noor.account_id))
    with pytest.raises(InvitedTooOften):
        invite(instance, demo, noor, by=ada)
    clock.advance(invitations.LIFE)
    invite(instance, demo, noor, by=ada)


def test_so_many_wait_for_an_answer_and_no_more(
    instance: Instance, demo: Project, ada: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    for name in ("bea", "cleo"):
        invite(instance, demo, make_person(instance, name), by=ada)
    with pytest.raises(TooManyInvitations):
        invite(instance, demo, make_person(instance, "dora"), by=ada)


def test_an_owner_takes_it_back_and_a_maintainer_does_not(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    helper = make_person(instance, "helper")
    invitation_id = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        service.join(work, demo.id, helper.account_id, MAINTAINER)
        waiting = invitations.find(work, invitation_id, project_id=demo.id)
        with pytest.raises(NotOwner):
            invitations.withdraw(work, waiting, by=helper.account_id)
        invitations.withdraw(work, waiting, by=ada.account_id)
        with pytest.raises(InvitationOver):
            invitations.find(work, invitation_id, account_id=noor.account_id)
    assert kinds(instance, account=noor)[-1] == "project.invitation_withdrawn"
    assert kinds(instance, account=ada)[-1] == "project.for_other.invitation_withdrawn"


def throw_out(work: Work, demo: Project, thief: Someone, ada: Someone) -> None:
    """The others remove them."""
    service.remove(work, demo, thief.account_id, by=ada.account_id)


def lower(work: Work, demo: Project, thief: Someone, ada: Someone) -> None:
    """The others make them a maintainer."""
    service.change(work, demo, thief.account_id, MAINTAINER, by=ada.account_id)


def leave(work: Work, demo: Project, thief: Someone, _ada: Someone) -> None:
    """They leave by themselves."""
    service.leave(work, demo, thief.account_id)


def close(work: Work, _demo: Project, thief: Someone, _ada: Someone) -> None:
    """They close their account; it could still be kept."""
    closing.close(work, thief.account_id)


@pytest.mark.parametrize("lose", [throw_out, lower, leave, close])
def test_what_an_owner_offered_falls_with_their_rights(
    instance: Instance,
    demo: Project,
    ada: Someone,
    noor: Someone,
    lose: Callable[[Work, Project, Someone, Someone], None],
) -> None:
    thief, friend = make_person(instance, "thief"), make_person(instance, "friend")
    with instance.work() as work:
        service.join(work, demo.id, thief.account_id, OWNER)
    invite(instance, demo, friend, by=thief)
    kept = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        lose(work, demo, thief, ada)
        assert [row.invitation.id for row in invitations.of_project(work, demo.id)] == [kept]
    assert kinds(instance, account=friend)[-1] == "project.invitation_withdrawn"


def test_who_declines_at_the_instant_at_which_the_offer_falls_holds_nobody_up(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    with instance.work() as work:
        service.join(work, demo.id, noor.account_id, OWNER)
    for number in range(3):
        friend = make_person(instance, f"friend{number}")
        invitation_id = invite(instance, demo, friend, by=ada)

        def decline(invitation_id: UUID = invitation_id, friend: Someone = friend) -> None:
            with instance.work() as work:
                waiting = invitations.find(work, invitation_id, account_id=friend.account_id)
                invitations.decline(work, waiting)

        def lose_and_regain() -> None:
            with instance.work() as work:
                service.change(work, demo, ada.account_id, MAINTAINER, by=noor.account_id)
            with instance.work() as work:
                service.change(work, demo, ada.account_id, OWNER, by=noor.account_id)

        acts = [decline, lose_and_regain]
        outcomes = at_once(lambda acts=acts: acts.pop()(), 2)  # type: ignore[misc]
        assert all(outcome is None or isinstance(outcome, AlreadyUsed | InvitationOver) for outcome in outcomes), (
            outcomes
        )
        with instance.work(write=False) as work:
            assert invitations.of_project(work, demo.id) == []


def test_closing_the_account_withdraws_what_it_was_invited_to(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        closing.close(work, noor.account_id)
        assert invitations.of_project(work, demo.id) == []
    assert "project.invitation_withdrawn" in kinds(instance, account=noor)


def test_nothing_is_left_of_them_when_the_account_has_ended(
    instance: Instance, clock: FixedClock, demo: Project, ada: Someone, noor: Someone
) -> None:
    invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        closing.close(work, noor.account_id)
    clock.advance(leaving.GRACE)
    assert closing.end_all_due(instance) == 1
    with instance.work(write=False) as work:
        assert work.db.scalars(select(ProjectInvitation)).all() == []


def test_of_many_answers_at_once_one_counts(instance: Instance, demo: Project, ada: Someone, noor: Someone) -> None:
    invitation_id = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        waiting = invitations.find(work, invitation_id, account_id=noor.account_id)

    def withdraw(work: Any, row: Any) -> None:
        invitations.withdraw(work, row, by=ada.account_id)

    acts: list[Callable[..., None]] = [invitations.accept, invitations.decline, withdraw] * 4

    def answer() -> str:
        act = acts.pop()
        with instance.work() as work:
            act(work, waiting)
        return act.__name__

    outcomes = at_once(answer, 12)
    [won] = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert all(isinstance(outcome, AlreadyUsed) for outcome in outcomes if outcome != won)
    assert ("noor" in roles(instance)) == (won == "accept")


def test_who_accepts_and_closes_the_account_at_the_same_instant_leaves_an_owner(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    invitation_id = invite(instance, demo, noor, by=ada)
    with instance.work() as work:
        waiting = invitations.find(work, invitation_id, account_id=noor.account_id)

    def accept(work: Work) -> None:
        invitations.accept(work, waiting)

    def close(work: Work) -> None:
        closing.close(work, noor.account_id)

    def leave(work: Work) -> None:
        service.leave(work, demo, ada.account_id)

    acts = [leave, accept, close]

    def act() -> None:
        one = acts.pop()
        with instance.work() as work:
            one(work)

    refusals = [outcome for outcome in at_once(act, 3) if outcome is not None]
    assert all(isinstance(refusal, AlreadyUsed | LastOwner | SoleOwner) for refusal in refusals), refusals
    with instance.work(write=False) as work:
        assert service.owners(work, demo.id)


def test_of_many_invitations_at_once_one_is_made(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    outcomes = at_once(lambda: invite(instance, demo, noor, by=ada), 8)
    assert sum(isinstance(outcome, AlreadyInvited) for outcome in outcomes) == 7


def test_rows_are_kept_for_a_month_and_then_forgotten(
    instance: Instance, clock: FixedClock, demo: Project, ada: Someone, noor: Someone
) -> None:
    invite(instance, demo, noor, by=ada)
    clock.advance(invitations.LIFE + invitations.KEPT)
    invitations.forget_old(instance)
    with instance.work(write=False) as work:
        assert len(work.db.scalars(select(ProjectInvitation)).all()) == 1
    clock.advance(timedelta(seconds=1))
    invitations.forget_old(instance)
    with instance.work(write=False) as work:
        assert work.db.scalars(select(ProjectInvitation)).all() == []
