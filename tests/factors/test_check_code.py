"""One field for either kind of code: accepted once, and a sentence's worth of reason otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.factors.recovery.models import RecoveryCode
from portal.factors.recovery.service import codes_left
from portal.factors.service import Outcome, Verdict, check_code, has_factor
from portal.factors.totp.codes import start_of, step_at
from portal.kernel.work import Instance, TransactionOpen
from tests.factors.people import add_app, make_person
from tests.support.clock import FixedClock
from tests.support.instances import READER

STEP = timedelta(seconds=30)


def check(instance: Instance, account_id: object, text: str) -> Verdict:
    with instance.work(READER) as work:
        return check_code(work, account_id, text)  # type: ignore[arg-type]


def test_an_account_has_a_second_factor_once_an_app_counts(instance: Instance) -> None:
    ada, bob = make_person(instance, "ada"), make_person(instance, "bob")
    add_app(instance, ada)
    with instance.work(READER) as work:
        assert has_factor(work, ada)
        assert not has_factor(work, bob)


def test_the_code_that_the_app_shows_is_accepted(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    verdict = check(instance, ada, app.code(instance))
    assert verdict == Verdict(Outcome.ACCEPTED, "totp")
    assert verdict.accepted


def test_a_code_is_accepted_in_groups_and_in_native_digits(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    digits = app.code(instance).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert check(instance, ada, f" {digits[:3]} {digits[3:]}").accepted


@pytest.mark.parametrize(("ahead", "outcome"), [(-2, Outcome.WRONG), (1, Outcome.ACCEPTED), (2, Outcome.WRONG)])
def test_a_clock_may_be_one_step_off(instance: Instance, ahead: int, outcome: Outcome) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    assert check(instance, ada, app.code(instance, ahead)).outcome is outcome


def test_the_code_of_the_step_before_is_accepted_unless_it_was_used(instance: Instance, clock: FixedClock) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    clock.advance(2 * STEP)
    assert check(instance, ada, app.code(instance, -1)).accepted


def test_a_used_code_is_refused_with_the_time_of_the_next_one(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    code = app.code(instance)
    assert check(instance, ada, code).accepted
    next_step = start_of(step_at(instance.clock.now()) + 1)
    assert check(instance, ada, code) == Verdict(Outcome.USED, "totp", next_step)


def test_after_a_code_of_the_next_step_one_waits_for_the_step_after_it(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    assert check(instance, ada, app.code(instance, 1)).accepted
    verdict = check(instance, ada, app.code(instance))
    assert verdict == Verdict(Outcome.USED, "totp", start_of(step_at(instance.clock.now()) + 2))


def test_the_next_code_is_accepted_at_the_time_that_was_named(instance: Instance, clock: FixedClock) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    assert check(instance, ada, app.code(instance, 1)).accepted
    verdict = check(instance, ada, app.code(instance, 1))
    assert verdict.wait_until is not None
    clock.at = verdict.wait_until
    assert check(instance, ada, app.code(instance)).accepted


def test_an_older_step_is_used_up_by_a_newer_one(instance: Instance, clock: FixedClock) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    clock.advance(2 * STEP)
    assert check(instance, ada, app.code(instance)).accepted
    assert check(instance, ada, app.code(instance, -1)).outcome is Outcome.USED


def test_the_code_that_set_the_app_up_does_not_sign_in(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada, ahead=0)
    assert check(instance, ada, app.code(instance)).outcome is Outcome.USED


def test_each_of_several_apps_has_its_own_codes(instance: Instance) -> None:
    ada = make_person(instance)
    phone, tablet = add_app(instance, ada, "phone"), add_app(instance, ada, "tablet")
    assert check(instance, ada, tablet.code(instance)).accepted
    assert check(instance, ada, phone.code(instance)).accepted
    assert check(instance, ada, tablet.code(instance)).outcome is Outcome.USED


def test_the_code_of_somebody_else_is_wrong(instance: Instance) -> None:
    ada, bob = make_person(instance, "ada"), make_person(instance, "bob")
    app = add_app(instance, ada)
    add_app(instance, bob)
    assert check(instance, bob, app.code(instance)) == Verdict(Outcome.WRONG, "totp")
    assert check(instance, bob, app.codes[0].text) == Verdict(Outcome.WRONG, "recovery")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\ud800", "x" * 100_000, "é\u0301", "0" * 20])
def test_anything_else_is_wrong(instance: Instance, typed: str) -> None:
    ada = make_person(instance)
    add_app(instance, ada)
    assert check(instance, ada, typed).outcome is Outcome.WRONG


def test_a_recovery_code_is_accepted_once(instance: Instance) -> None:
    ada = make_person(instance)
    code = add_app(instance, ada).codes[3]
    assert check(instance, ada, code.text.upper().replace("-", " ")) == Verdict(Outcome.ACCEPTED, "recovery")
    assert check(instance, ada, code.text) == Verdict(Outcome.USED, "recovery")


def test_a_recovery_code_needs_every_character(instance: Instance) -> None:
    ada = make_person(instance)
    code = add_app(instance, ada).codes[0]
    other = "a" if code.text[-1] != "a" else "b"
    assert check(instance, ada, code.text[:-1] + other).outcome is Outcome.WRONG
    assert check(instance, ada, code.text).accepted


def test_a_used_recovery_code_stands_in_the_history_with_what_is_left(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    for code in app.codes[:7]:
        assert check(instance, ada, code.text).accepted
    with instance.work(READER) as work:
        query = select(Entry).where(Entry.kind == "recovery_code.used").order_by(Entry.id)
        entries = list(work.db.scalars(query))
        assert [entry.facts["left"] for entry in entries] == [9, 8, 7, 6, 5, 4, 3]
        assert all(entry.account_id == ada for entry in entries)
        assert codes_left(work, ada) == 3


def test_recovery_codes_are_kept_as_argon2id_hashes(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    with instance.work(READER) as work:
        rows = list(work.db.scalars(select(RecoveryCode).where(RecoveryCode.account_id == ada)))
    assert {row.selector for row in rows} == {code.selector for code in app.codes}
    assert all(row.secret_hash.startswith("$argon2id$") for row in rows)


def test_nothing_is_hashed_inside_a_transaction(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    with instance.work(READER) as work:
        has_factor(work, ada)
        with pytest.raises(TransactionOpen):
            check_code(work, ada, app.codes[0].text)


def test_a_code_is_not_used_up_where_the_caller_rolls_back(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    for text in (app.code(instance), app.codes[0].text):
        work = instance.open(READER)
        assert check_code(work, ada, text).accepted
        work.db.rollback()
        work.db.close()
        assert check(instance, ada, text).accepted
