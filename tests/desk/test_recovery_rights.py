"""A recovery stands and falls with the rights of those behind it; an administrator's is never blocked by another."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

import pytest

from portal.accounts import administrators
from portal.desk.closing import service as closing
from portal.desk.recovery import errors, service, sweeps
from portal.desk.recovery.models import Recovery
from portal.desk.recovery.words import reason
from portal.kernel.work import Instance, Work
from tests.desk.closing import kinds, subjects
from tests.desk.recovering import links, pass_day, start, state
from tests.desk.test_recovery_approval import WAITS, approve
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person
from tests.support.races import at_once

__all__ = ["postbox"]


@pytest.fixture
def admin(instance: Instance) -> Someone:
    """An administrator."""
    return make_person(instance, "root", admin=True)


@pytest.fixture
def lost(instance: Instance) -> Someone:
    """An administrator who has lost the authenticator app."""
    return make_person(instance, "lost", admin=True, authenticator=True)


def make(instance: Instance, person: Someone) -> None:
    """As the operator does."""
    with instance.work() as work:
        administrators.make(work, service.accounts.find(work, person.account_id))


def remove(instance: Instance, person: Someone) -> None:
    """As the operator does."""
    with instance.work() as work:
        administrators.remove(work, service.accounts.find(work, person.account_id))


@pytest.mark.parametrize("sent", [False, True], ids=["in the day", "with the link"])
def test_who_becomes_an_administrator_is_not_recovered_by_one_alone(
    instance: Instance, postbox: Postbox, admin: Someone, sent: bool
) -> None:
    person = make_person(instance, authenticator=True)
    start(instance, person, admin)
    if sent:
        pass_day(instance)
    make(instance, person)
    assert state(instance, person) == "cancelled"
    assert "recovery.cancelled.rights" in kinds(instance, person.account_id)
    assert (person.email, "The recovery of your account is cancelled") in subjects(instance, postbox)
    pass_day(instance)
    assert ("recovery" in links(instance, postbox)) is sent


def test_a_recovery_started_at_the_instant_at_which_its_person_becomes_an_administrator_waits_or_ends(
    instance: Instance, admin: Someone
) -> None:
    for number in range(5):
        person = make_person(instance, f"person{number}", authenticator=True)
        both = [partial(start, instance, person, admin), partial(make, instance, person)]
        outcomes = at_once(lambda both=both: both.pop()(), 2)  # type: ignore[misc]
        assert state(instance, person) in {None, "asked", "cancelled"}, outcomes


@pytest.mark.parametrize("role", ["who asked", "who approved", "who started"])
def test_who_is_no_administrator_any_more_stands_behind_no_recovery(
    instance: Instance, admin: Someone, lost: Someone, role: str
) -> None:
    second = make_person(instance, "second", admin=True)
    person = make_person(instance, authenticator=True) if role == "who started" else lost
    start(instance, person, admin)
    if role == "who approved":
        approve(instance, person, second)
    remove(instance, second if role == "who approved" else admin)
    assert state(instance, person) == "cancelled"


def test_who_closes_their_account_stands_behind_no_recovery(instance: Instance, admin: Someone, lost: Someone) -> None:
    make_person(instance, "second", admin=True)
    start(instance, lost, admin)
    with instance.work() as work:
        closing.close(work, admin.account_id)
    assert state(instance, lost) == "cancelled"


def test_what_somebody_asked_who_is_no_administrator_now_is_not_approved(
    instance: Instance, admin: Someone, lost: Someone
) -> None:
    second = make_person(instance, "second", admin=True)
    start(instance, lost, admin)
    with instance.work() as work:
        # Not the way of the product, which would have ended the recovery.
        service.accounts.find(work, admin.account_id).is_admin = False
    with pytest.raises(errors.NotAdministrator):
        approve(instance, lost, second)
    assert state(instance, lost) == "asked"


def test_who_starts_a_recovery_and_loses_the_right_at_the_same_instant_has_started_nothing_that_lasts(
    instance: Instance,
) -> None:
    make_person(instance, "root", admin=True)
    for number in range(5):
        admin = make_person(instance, f"admin{number}", admin=True)
        person = make_person(instance, f"person{number}", authenticator=True)
        both = [partial(start, instance, person, admin), partial(remove, instance, admin)]
        outcomes = at_once(lambda both=both: both.pop()(), 2)  # type: ignore[misc]
        assert state(instance, person) in {None, "cancelled"}, outcomes


def test_one_of_two_administrators_does_not_block_the_recovery_of_the_other(
    instance: Instance, postbox: Postbox, admin: Someone, lost: Someone
) -> None:
    with pytest.raises(errors.NobodyApproves) as refused:
        start(instance, lost, admin)
    assert "doorward user recover" in reason(refused.value)
    assert state(instance, lost) is None
    assert start(instance, lost) == "asked"
    assert subjects(instance, postbox) == [(admin.email, WAITS)]
    approve(instance, lost, admin)
    assert state(instance, lost) == "waiting"


def test_the_operator_s_request_takes_the_place_of_one_that_waits(
    instance: Instance, admin: Someone, lost: Someone
) -> None:
    second = make_person(instance, "second", admin=True)
    start(instance, lost, admin)
    with instance.work() as work:
        closing.close(work, second.account_id)
    assert start(instance, lost) == "asked"
    assert kinds(instance, lost.account_id) == ["recovery.asked", "recovery.asked_anew", "recovery.asked"]
    approve(instance, lost, admin)
    with pytest.raises(errors.UnderWay):
        start(instance, lost)


def test_an_approval_after_its_time_counts_no_more_even_before_the_worker_has_been_there(
    instance: Instance, clock: FixedClock, admin: Someone, lost: Someone
) -> None:
    second = make_person(instance, "second", admin=True)
    start(instance, lost, admin)
    clock.advance(service.APPROVAL_LIFE)
    with pytest.raises(errors.NotUnderWay):
        approve(instance, lost, second)


def test_one_recovery_that_can_t_go_on_keeps_the_others_waiting_not(
    instance: Instance,
    postbox: Postbox,
    admin: Someone,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, whole = (make_person(instance, name, authenticator=True) for name in ("broken", "whole"))
    start(instance, broken, admin)
    clock.advance(timedelta(minutes=1))
    start(instance, whole, admin)
    go_on = service.go_on

    def stumble(work: Work, row: Recovery) -> None:
        if row.account_id == broken.account_id:
            raise RuntimeError
        go_on(work, row)

    monkeypatch.setattr(service, "go_on", stumble)
    with caplog.at_level(logging.ERROR, "doorward.recovery"):
        pass_day(instance)
    assert (state(instance, broken), state(instance, whole)) == ("waiting", "sent")
    assert "could not go on: RuntimeError" in caplog.text
    monkeypatch.undo()
    assert sweeps.go_on_all(instance) == 1
    assert state(instance, broken) == "sent"
