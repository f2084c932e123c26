"""Fifty at once with one code: one wins, the others are told that it is used. Without the condition, several would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.factors import setup
from portal.factors.recovery import renewal
from portal.factors.recovery import service as recovery
from portal.factors.recovery.models import RecoveryCode, RecoverySet
from portal.factors.service import Outcome, check_code
from portal.factors.totp import service as totp
from portal.factors.totp.codes import code_at, step_at
from portal.factors.totp.models import Authenticator
from portal.kernel.errors import AlreadyUsed, DoorwardError
from portal.kernel.work import Instance, Work
from tests.factors.people import add_app, make_person
from tests.support.instances import READER
from tests.support.races import at_once

AT_ONCE = 50


def all_at_once(instance: Instance, act: Callable[[Work], Any]) -> Counter[Any]:
    """What came of fifty units of work that began together; a refusal counts as its class. None has to wait."""
    patient = replace(instance, settings=replace(instance.settings, throttle_free=2 * AT_ONCE))

    def one() -> Any:
        with patient.work(READER) as work:
            return act(work)

    results = at_once(one, AT_ONCE)
    return Counter(type(result) if isinstance(result, DoorwardError) else result for result in results)


def outcomes(instance: Instance, account_id: UUID, text: str) -> Counter[Any]:
    return all_at_once(instance, lambda work: check_code(work, account_id, text).outcome)


def take_step_unconditionally(work: Work, authenticator_id: UUID, step: int) -> bool:
    """The defect that the race must show: the row is changed, whatever it held."""
    values = {"last_step": step}
    work.db.execute(update(Authenticator).where(Authenticator.id == authenticator_id).values(**values))
    return True


def take_selector_unconditionally(work: Work, account_id: UUID, selector: str) -> bool:
    """The same for a recovery code."""
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.selector == selector)
    work.db.execute(update(RecoveryCode).where(*mine).values(used_at=work.now))
    return True


def test_of_fifty_with_one_totp_code_one_wins(instance: Instance) -> None:
    ada = make_person(instance)
    code = add_app(instance, ada).code(instance)
    assert outcomes(instance, ada, code) == {Outcome.ACCEPTED: 1, Outcome.USED: AT_ONCE - 1}


def test_without_the_condition_several_would_win_with_one_totp_code(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_person(instance)
    code = add_app(instance, ada).code(instance)
    monkeypatch.setattr(totp, "take_step", take_step_unconditionally)
    assert outcomes(instance, ada, code)[Outcome.ACCEPTED] > 1


def test_of_fifty_with_one_recovery_code_one_wins(instance: Instance) -> None:
    ada = make_person(instance)
    code = add_app(instance, ada).codes[0].text
    assert outcomes(instance, ada, code) == {Outcome.ACCEPTED: 1, Outcome.USED: AT_ONCE - 1}


def test_without_the_condition_several_would_win_with_one_recovery_code(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_person(instance)
    code = add_app(instance, ada).codes[0].text
    monkeypatch.setattr(recovery, "take_selector", take_selector_unconditionally)
    assert outcomes(instance, ada, code)[Outcome.ACCEPTED] > 1


def test_of_fifty_that_finish_one_setup_one_adds_the_app(instance: Instance) -> None:
    ada = make_person(instance)
    with instance.work(READER) as work:
        begun = setup.begin(work, ada, "my phone")
        kept = setup.show_codes_kept(begun, begun.codes[0].text)
        assert kept is not None
        sealed, code = setup.seal(work, ada, kept), code_at(begun.key, step_at(work.now))

    came = all_at_once(instance, lambda work: bool(setup.finish(work, ada, sealed, code)))

    assert came == {True: 1, AlreadyUsed: AT_ONCE - 1}
    with instance.work(READER) as work:
        assert len(totp.authenticators_of(work, ada)) == 1


def test_of_fifty_that_put_one_new_list_in_place_one_does(instance: Instance) -> None:
    ada = make_person(instance)
    add_app(instance, ada)
    with instance.work(READER) as work:
        begun = renewal.begin(work, ada)
        sealed = renewal.seal(work, ada, begun)

    came = all_at_once(instance, lambda work: renewal.finish(work, ada, sealed, begun.codes[0].text))

    assert came == {True: 1, AlreadyUsed: AT_ONCE - 1}
    with instance.work(READER) as work:
        assert recovery.codes_left(work, ada) == len(begun.codes)
        assert len(list(work.db.scalars(select(RecoverySet)))) == 1
