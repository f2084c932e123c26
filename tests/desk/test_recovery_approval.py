"""Who may start and approve a recovery, who is asked to, and what becomes of one that nobody finishes."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.desk.recovery import errors, service, sweeps
from portal.desk.recovery.words import reason
from portal.kernel.work import Instance
from tests.desk.closing import kinds, subjects
from tests.desk.recovering import pass_day, start, state
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person

__all__ = ["postbox"]

WAITS = "The recovery of an account waits for your approval"


@pytest.fixture
def admin(instance: Instance) -> Someone:
    """An administrator."""
    return make_person(instance, "root", admin=True)


@pytest.fixture
def second(instance: Instance) -> Someone:
    """Another one."""
    return make_person(instance, "second", admin=True)


@pytest.fixture
def lost(instance: Instance) -> Someone:
    """An administrator who has lost the authenticator app."""
    return make_person(instance, "lost", admin=True, authenticator=True)


def approve(instance: Instance, person: Someone, by: Someone) -> None:
    """Approve the open recovery of an account."""
    with instance.work() as work:
        row = service.under_way(work, person.account_id)
        assert row is not None
        account = service.accounts.find(work, person.account_id)
        service.approve(work, account, str(row.id), by=by.account_id)


def close(instance: Instance, account_id: UUID) -> None:
    """As if the account had been closed."""
    with instance.work() as work:
        service.accounts.find(work, account_id).closes_at = work.now


def test_only_an_administrator_starts_a_recovery_whatever_page_asks_for_it(instance: Instance) -> None:
    person = make_person(instance, authenticator=True)
    grace = make_person(instance, "grace")
    with pytest.raises(errors.NotAdministrator) as refused:
        start(instance, person, grace)
    assert "Only an administrator" in reason(refused.value)
    assert state(instance, person) is None
    assert kinds(instance, grace.account_id) == []


def test_an_administrator_whose_account_is_closed_starts_nothing(instance: Instance, admin: Someone) -> None:
    person = make_person(instance, authenticator=True)
    close(instance, admin.account_id)
    with pytest.raises(errors.NotAdministrator):
        start(instance, person, admin)
    assert state(instance, person) is None


def test_only_an_administrator_approves_a_recovery(instance: Instance, admin: Someone, lost: Someone) -> None:
    grace = make_person(instance, "grace")
    make_person(instance, "second", admin=True)
    start(instance, lost, admin)
    with pytest.raises(errors.NotAdministrator):
        approve(instance, lost, grace)
    assert state(instance, lost) == "asked"


def test_the_other_administrators_are_asked_to_approve(
    instance: Instance, postbox: Postbox, admin: Someone, second: Someone, lost: Someone
) -> None:
    closed = make_person(instance, "closed", admin=True)
    close(instance, closed.account_id)
    start(instance, lost, admin)
    assert subjects(instance, postbox) == [(second.email, WAITS)]
    text = " ".join(postbox.messages[0].get_content().split())
    assert "from the account lost." in text
    assert "http://localhost/admin/users/lost/recover/" in text
    assert "192.0.2." not in text
    assert kinds(instance, second.account_id) == ["recovery.approval_wanted"]
    assert kinds(instance, lost.account_id) == ["recovery.asked"]


def test_all_other_administrators_are_asked_where_the_operator_has_started_it(
    instance: Instance, postbox: Postbox, admin: Someone, second: Someone, lost: Someone
) -> None:
    start(instance, lost)
    assert sorted(subjects(instance, postbox)) == [(admin.email, WAITS), (second.email, WAITS)]


def test_a_recovery_that_nobody_approves_ends_and_is_told_to_who_started_it(
    instance: Instance, postbox: Postbox, clock: FixedClock, admin: Someone, lost: Someone
) -> None:
    closed = make_person(instance, "second", admin=True)
    start(instance, lost, admin)
    close(instance, closed.account_id)
    clock.advance(service.APPROVAL_LIFE)
    sweeps.go_on_all(instance)
    sweeps.go_on_all(instance)
    assert state(instance, lost) == "expired"
    assert subjects(instance, postbox) == [
        (closed.email, WAITS),
        (admin.email, "The recovery of an account was not approved"),
    ]
    assert kinds(instance, lost.account_id) == ["recovery.asked", "recovery.not_approved"]
    assert kinds(instance, admin.account_id) == ["recovery.asked_for_other", "recovery.not_approved_for_other"]


def test_a_link_that_nobody_uses_ends_and_is_told_to_the_person(
    instance: Instance, postbox: Postbox, clock: FixedClock, admin: Someone
) -> None:
    person = make_person(instance, authenticator=True)
    start(instance, person, admin)
    pass_day(instance)
    clock.advance(service.LINK_LIFE)
    sweeps.go_on_all(instance)
    sweeps.go_on_all(instance)
    told = subjects(instance, postbox)
    assert told.count((person.email, "The recovery of your account has ended")) == 1
    assert "stays as it is" in " ".join(postbox.messages[-1].get_content().split())
    assert kinds(instance, person.account_id) == ["recovery.started", "recovery.link_sent", "recovery.expired"]


def test_nobody_s_administrator_is_recovered_by_one_alone(
    instance: Instance, clock: FixedClock, admin: Someone
) -> None:
    lost = make_person(instance, "lost", authenticator=True, admin=True)
    make_person(instance, "second", admin=True)
    assert start(instance, lost, admin) == "asked"
    clock.advance(service.DELAY)
    sweeps.go_on_all(instance)
    assert state(instance, lost) == "asked"
    with instance.work() as work:
        account, row = service.accounts.find(work, lost.account_id), service.under_way(work, lost.account_id)
        assert row is not None
        with pytest.raises(errors.OwnAccount):
            service.approve(work, account, str(row.id), by=admin.account_id)
    clock.advance(service.APPROVAL_LIFE)
    sweeps.go_on_all(instance)
    assert state(instance, lost) == "expired"
