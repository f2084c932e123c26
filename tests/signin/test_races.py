"""Of many at the same instant one wins, on both databases; and these tests can tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from portal.accounts import service as accounts
from portal.kernel import once
from portal.kernel.errors import AlreadyUsed
from portal.kernel.work import Instance, Work
from portal.signin import service, steps
from portal.signin.models import PasswordStep
from portal.signin.service import Proven
from portal.signin.views.login import TICKET, TICKET_LIFE
from tests.support.clock import FixedClock
from tests.support.people import make_person
from tests.support.races import at_once


def step_of(instance: Instance) -> tuple[str, Any]:
    """A sealed password step of somebody with an authenticator app."""
    person = make_person(instance, authenticator=True)
    with instance.work() as work:
        return steps.seal(work, steps.begin(work, accounts.find(work, person.account_id))), person


def finish_without_condition(work: Work, step: PasswordStep) -> None:
    """What `steps.finish` must not be: every taker's UPDATE counts."""
    work.db.execute(update(PasswordStep).where(PasswordStep.id == step.id).values(used_at=work.now))


def race_for_a_step(instance: Instance, finish: Callable[[Work, PasswordStep], None]) -> list[Any]:
    """What came of fifty takers of one sealed step who had all read it while it was unused."""
    sealed, _ = step_of(instance)
    with instance.work() as work:
        step = steps.opened(work, sealed)

    def take() -> str:
        with instance.work() as work:
            finish(work, step)
        return "won"

    return at_once(take)


def test_one_sealed_step_signs_in_once_and_the_others_are_told_it_is_used(instance: Instance) -> None:
    results = race_for_a_step(instance, steps.finish)
    assert results.count("won") == 1
    assert sum(isinstance(result, AlreadyUsed) for result in results) == 49


def test_the_race_for_a_step_sees_a_missing_condition(instance: Instance) -> None:
    assert race_for_a_step(instance, finish_without_condition).count("won") > 1


def test_one_code_through_one_step_signs_in_once(instance: Instance, clock: FixedClock) -> None:
    sealed, person = step_of(instance)
    code = person.code(clock.now())

    def sign_in() -> Any:
        with instance.work() as work:
            return service.prove_code(work, sealed, code)

    results = at_once(sign_in)
    assert sum(isinstance(result, Proven) for result in results) == 1


@pytest.fixture
def ticket(instance: Instance) -> str:
    """A ticket into limited mode."""
    with instance.work() as work:
        return once.seal_once(work, {"account": "somebody"}, purpose=TICKET, life=TICKET_LIFE)


def test_one_ticket_opens_limited_mode_once_and_the_others_are_told_it_is_used(instance: Instance, ticket: str) -> None:
    def take() -> str:
        with instance.work() as work:
            once.take_once(work, ticket, purpose=TICKET, life=TICKET_LIFE)
        return "won"

    results = at_once(take)
    assert results.count("won") == 1
    assert sum(isinstance(result, AlreadyUsed) for result in results) == 49
