"""The rules of setting up: nothing counts before the last step, and then everything does at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.audit.models import Entry
from portal.factors import setup
from portal.factors.errors import AddressNeeded, NameTaken, SetupOutdated, TooMany, WrongCode
from portal.factors.recovery import renewal
from portal.factors.recovery.models import RecoveryCode, RecoverySet
from portal.factors.recovery.service import codes_left, state_of
from portal.factors.service import Outcome, check_code, has_factor
from portal.factors.setup import Setup
from portal.factors.totp.codes import code_at, step_at
from portal.factors.totp.models import Authenticator
from portal.factors.totp.service import LIMIT, authenticators_of, purpose_of
from portal.kernel.errors import AlreadyUsed, Throttled
from portal.kernel.once import Used
from portal.kernel.vault import Unsealable
from portal.kernel.work import Instance, TransactionOpen
from tests.factors.people import add_app, forget_confirmation, make_person
from tests.support.clock import FixedClock
from tests.support.databases import SqliteDatabase
from tests.support.instances import READER, Bed


def begin(instance: Instance, account_id: UUID, name: str = "my phone") -> Setup:
    with instance.work(READER) as work:
        return setup.begin(work, account_id, name)


def kept(begun: Setup) -> Setup:
    found = setup.show_codes_kept(begun, begun.codes[0].text)
    assert found is not None
    return found


def code_of(instance: Instance, begun: Setup, ahead: int = 0) -> str:
    return code_at(begun.key, step_at(instance.clock.now()) + ahead)


def finish(instance: Instance, account_id: UUID, begun: Setup, code: str | None = None) -> None:
    with instance.work(READER) as work:
        sealed = setup.seal(work, account_id, begun)
        setup.finish(work, account_id, sealed, code or code_of(instance, begun))


def rows(instance: Instance) -> int:
    """How many rows the set-up has left anywhere."""
    with instance.work(READER) as work:
        tables = (Authenticator, RecoverySet, RecoveryCode, Entry, Used)
        return sum(work.db.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_nothing_is_stored_before_the_last_step(instance: Instance) -> None:
    ada = make_person(instance)
    begun = begin(instance, ada)
    with instance.work(READER) as work:
        setup.reopen(work, ada, setup.seal(work, ada, kept(begun)))
        assert not has_factor(work, ada)
    assert rows(instance) == 0


def test_the_last_step_makes_app_and_codes_count(instance: Instance) -> None:
    ada = make_person(instance)
    begun = begin(instance, ada)
    finish(instance, ada, kept(begun))
    with instance.work(READER) as work:
        assert has_factor(work, ada)
        assert [row.name for row in authenticators_of(work, ada)] == ["my phone"]
        assert codes_left(work, ada) == 10
        kinds = list(work.db.scalars(select(Entry.kind).where(Entry.account_id == ada).order_by(Entry.id)))
    assert kinds == ["recovery_codes.created", "authenticator.added"]


def test_the_key_is_sealed_in_the_row_and_opens_for_no_other(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    with instance.work(READER) as work:
        (row,) = authenticators_of(work, ada)
        assert app.key not in row.key
        assert work.vault.open(row.key, purpose=purpose_of(row.id)) == app.key
        with pytest.raises(Unsealable):
            work.vault.open(row.key, purpose=purpose_of(ada))


def test_neither_key_nor_codes_stand_in_the_database_file(sqlite_bed: Bed) -> None:
    sqlite_bed.renew()
    instance = sqlite_bed.application.instance
    app = add_app(instance, make_person(instance))
    sqlite_bed.close()
    assert isinstance(sqlite_bed.database, SqliteDatabase)
    held = b"".join(path.read_bytes() for path in sqlite_bed.database.path.parent.glob("doorward.sqlite3*"))
    assert b"my phone" in held
    assert app.codes[0].selector.encode() in held
    assert app.key not in held
    assert app.key.hex().encode() not in held
    assert not any(code.secret.encode() in held or code.text.encode() in held for code in app.codes)


def test_a_wrong_code_changes_nothing_and_the_same_key_can_be_tried_again(instance: Instance) -> None:
    ada = make_person(instance)
    begun = kept(begin(instance, ada))
    wrong = f"{(int(code_of(instance, begun)) + 1) % 1_000_000:06}"
    with instance.work(READER) as work:
        sealed = setup.seal(work, ada, begun)
    for typed in (wrong, "", "abcdef", "12345"):
        with pytest.raises(WrongCode) as raised, instance.work(READER) as work:
            setup.finish(work, ada, sealed, typed)
        assert raised.value.minutes_off is None
    assert rows(instance) == 0
    with instance.work(READER) as work:
        setup.finish(work, ada, sealed, code_of(instance, begun))


def test_a_wrong_clock_is_named(instance: Instance) -> None:
    ada = make_person(instance)
    begun = kept(begin(instance, ada))
    with pytest.raises(WrongCode) as raised:
        finish(instance, ada, begun, code_of(instance, begun, -6))
    assert raised.value.minutes_off == -3
    assert rows(instance) == 0


def test_the_key_is_of_no_use_before_the_codes_are_kept(instance: Instance) -> None:
    ada = make_person(instance)
    with pytest.raises(Unsealable):
        finish(instance, ada, begin(instance, ada))


def test_showing_a_code_uses_none_up(instance: Instance) -> None:
    ada = make_person(instance)
    begun = begin(instance, ada)
    finish(instance, ada, kept(begun))
    with instance.work(READER) as work:
        assert check_code(work, ada, begun.codes[0].text).outcome is Outcome.ACCEPTED


def test_a_set_up_is_of_no_use_to_another_account(instance: Instance) -> None:
    ada, bob = make_person(instance, "ada"), make_person(instance, "bob")
    begun = kept(begin(instance, ada))
    with instance.work(READER) as work:
        sealed = setup.seal(work, ada, begun)
    with pytest.raises(Unsealable), instance.work(READER) as work:
        setup.finish(work, bob, sealed, code_of(instance, begun))


@pytest.mark.parametrize("sealed", ["", "AAAA", "é", "x" * 5000, "not base64 at all!", "a"])
def test_a_set_up_that_is_none_of_ours_is_refused(instance: Instance, sealed: str) -> None:
    ada = make_person(instance)
    with pytest.raises(Unsealable), instance.work(READER) as work:
        setup.finish(work, ada, sealed, "123456")


def test_a_set_up_is_over_after_an_hour(instance: Instance, clock: FixedClock) -> None:
    ada = make_person(instance)
    with instance.work(READER) as work:
        sealed = setup.seal(work, ada, setup.begin(work, ada, "my phone"))
        work.settle()
        assert setup.reopen(work, ada, sealed).name == "my phone"
    clock.advance(timedelta(hours=1))
    with pytest.raises(Unsealable), instance.work(READER) as work:
        setup.reopen(work, ada, sealed)


def test_a_set_up_finishes_once(instance: Instance) -> None:
    ada = make_person(instance)
    begun = kept(begin(instance, ada))
    finish(instance, ada, begun, code_of(instance, begun, -1))
    with pytest.raises(AlreadyUsed):
        finish(instance, ada, begun)


def test_two_windows_do_not_disturb_each_other_but_one_turns_it_on(instance: Instance) -> None:
    ada = make_person(instance)
    one, two = kept(begin(instance, ada)), kept(begin(instance, ada))
    assert one.key != two.key
    finish(instance, ada, one)
    with pytest.raises(SetupOutdated):
        finish(instance, ada, two)
    with instance.work(READER) as work:
        assert len(authenticators_of(work, ada)) == 1
        assert codes_left(work, ada) == 10


def test_a_further_app_needs_no_new_codes(instance: Instance, clock: FixedClock) -> None:
    ada = make_person(instance)
    add_app(instance, ada, "phone")
    clock.advance(timedelta(days=1))
    with instance.work(READER) as work:
        before = state_of(work, ada)
    further = begin(instance, ada, "tablet")
    assert not further.codes
    finish(instance, ada, further)
    with instance.work(READER) as work:
        assert state_of(work, ada) == before
        assert [row.name for row in authenticators_of(work, ada)] == ["phone", "tablet"]


def test_a_further_app_is_not_added_where_none_is_left(instance: Instance) -> None:
    ada = make_person(instance)
    add_app(instance, ada, "phone")
    further = begin(instance, ada, "tablet")
    with instance.work(READER) as work:
        for row in authenticators_of(work, ada):
            work.db.delete(row)
    with pytest.raises(SetupOutdated):
        finish(instance, ada, further)


def test_names_differ_and_their_number_is_limited(instance: Instance) -> None:
    ada = make_person(instance)
    add_app(instance, ada, "Phone")
    with pytest.raises(NameTaken):
        begin(instance, ada, "phone")
    for number in range(LIMIT - 1):
        add_app(instance, ada, f"phone {number}")
    with pytest.raises(TooMany):
        begin(instance, ada, "one more")


def test_sets_up_begun_side_by_side_pass_neither_limit_nor_names(instance: Instance) -> None:
    ada = make_person(instance)
    add_app(instance, ada)
    side_by_side = [begin(instance, ada, f"app {number // 2}") for number in range(2 * LIMIT)]
    for begun in side_by_side:
        with suppress(SetupOutdated):
            finish(instance, ada, begun)
    with instance.work(READER) as work:
        names = [row.name for row in authenticators_of(work, ada)]
    assert len(names) == len(set(names)) == LIMIT


def test_a_set_up_that_was_finished_or_overtaken_is_not_hashed_again(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_person(instance)
    begun, other = kept(begin(instance, ada)), kept(begin(instance, ada))
    with instance.work(READER) as work:
        sealed = setup.seal(work, ada, begun)
        setup.finish(work, ada, sealed, code_of(instance, begun))
    monkeypatch.setattr(setup.recovery, "hash_codes", fail)
    with instance.work(READER) as work, pytest.raises(AlreadyUsed):
        setup.finish(work, ada, sealed, code_of(instance, begun))
    with pytest.raises(SetupOutdated):
        finish(instance, ada, other)


def test_lists_of_codes_are_hashed_so_often_in_an_hour(instance: Instance, clock: FixedClock) -> None:
    ada = make_person(instance)
    add_app(instance, ada)
    for number in range(30):
        with instance.work(READER) as work:
            new = renewal.begin(work, ada)
            work.settle()
            sealed = renewal.seal(work, ada, new)
            if number < 29:
                assert renewal.finish(work, ada, sealed, new.codes[0].text)
            else:
                with pytest.raises(Throttled):
                    renewal.finish(work, ada, sealed, new.codes[0].text)
    clock.advance(timedelta(hours=1))
    with instance.work(READER) as work:
        new = renewal.begin(work, ada)
        work.settle()
        assert renewal.finish(work, ada, renewal.seal(work, ada, new), new.codes[0].text)


def fail(*_arguments: object) -> None:
    """What must not be called."""
    raise AssertionError


def test_without_a_confirmed_address_nothing_begins(instance: Instance) -> None:
    ada = make_person(instance, confirmed=False)
    with pytest.raises(AddressNeeded):
        begin(instance, ada)


def test_an_address_is_still_needed_at_the_last_step(instance: Instance) -> None:
    ada = make_person(instance)
    begun = kept(begin(instance, ada))
    forget_confirmation(instance, ada)
    with pytest.raises(AddressNeeded):
        finish(instance, ada, begun)
    assert rows(instance) == 0


def test_codes_are_hashed_outside_a_transaction(instance: Instance) -> None:
    ada = make_person(instance)
    begun = kept(begin(instance, ada))
    with instance.work(READER) as work:
        has_factor(work, ada)
        sealed = setup.seal(work, ada, begun)
        with pytest.raises(TransactionOpen):
            setup.finish(work, ada, sealed, code_of(instance, begun))


def test_old_recovery_codes_work_until_the_new_ones_are_kept(instance: Instance) -> None:
    ada = make_person(instance)
    app = add_app(instance, ada)
    with instance.work(READER) as work:
        begun = renewal.begin(work, ada)
        sealed = renewal.seal(work, ada, begun)
        work.settle()
        assert not renewal.finish(work, ada, sealed, app.codes[1].text)
        assert check_code(work, ada, app.codes[0].text).accepted
        work.settle()
        assert renewal.finish(work, ada, sealed, begun.codes[1].text)
        work.settle()
        assert check_code(work, ada, app.codes[1].text).outcome is Outcome.WRONG
        assert check_code(work, ada, begun.codes[1].text).accepted


def test_a_list_is_not_replaced_by_one_begun_before_it(instance: Instance) -> None:
    ada = make_person(instance)
    add_app(instance, ada)
    with instance.work(READER) as work:
        early, late = renewal.begin(work, ada), renewal.begin(work, ada)
        work.settle()
        assert renewal.finish(work, ada, renewal.seal(work, ada, late), late.codes[0].text)
    with pytest.raises(SetupOutdated), instance.work(READER) as work:
        renewal.finish(work, ada, renewal.seal(work, ada, early), early.codes[0].text)
    with instance.work(READER) as work:
        assert check_code(work, ada, late.codes[0].text).accepted


def test_there_is_no_list_to_replace_before_the_first_app(instance: Instance) -> None:
    ada = make_person(instance)
    with pytest.raises(SetupOutdated), instance.work(READER) as work:
        renewal.begin(work, ada)
