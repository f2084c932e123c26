"""Somebody who knows the password guesses codes in a live session: right passwords in between buy no new guesses."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.kernel.errors import Throttled
from portal.kernel.work import Instance
from portal.signin import confirming, sessions
from portal.signin.confirming import Level, Problems
from portal.signin.models import Mode, Session
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, Someone, make_person

WRONG_CODE = "000000"


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with a second factor."""
    return make_person(instance, authenticator=True)


def begin(instance: Instance, person: Someone, mode: Mode) -> None:
    """The one session of these tests."""
    with instance.work() as work:
        sessions.start(work, person.account_id, mode, longer=True, tells_site=True)


def confirm(instance: Instance, level: Level, *, password: str = "", code: str = "") -> Problems:
    """One confirmation in that session. Raises Throttled."""
    work = instance.open()
    try:
        session = work.db.scalars(select(Session)).one()
        asked = confirming.what_to_ask(work, session, level)
        problems = confirming.check(work, session, asked, password=password, code=code)
        work.db.commit()
    finally:
        work.db.close()
    return problems


def has_ended(instance: Instance) -> bool:
    with instance.work(write=False) as work:
        return work.db.scalars(select(Session)).one().ended_at is not None


def test_below_a_handle_five_wrong_codes_end_it_whatever_is_proven_with_the_password_in_between(
    instance: Instance, person: Someone
) -> None:
    begin(instance, person, Mode.LIMITED)
    for _ in range(4):
        assert set(confirm(instance, "both", password=PASSWORD, code=WRONG_CODE)) == {"code"}
        assert confirm(instance, "either", password=PASSWORD) == {}
    assert not has_ended(instance)
    confirm(instance, "both", password=PASSWORD, code=WRONG_CODE)
    assert has_ended(instance)


def test_with_cookies_a_right_password_in_between_ends_no_wait_for_codes(
    instance: Instance, person: Someone, clock: FixedClock
) -> None:
    begin(instance, person, Mode.COOKIE)
    tried = 0
    while tried < 100:
        with suppress(Throttled):
            assert confirm(instance, "both", password=PASSWORD, code=WRONG_CODE)
            tried += 1
            continue
        if clock.now().hour == 11:
            break
        assert confirm(instance, "either", password=PASSWORD) == {}
        clock.advance(timedelta(minutes=30))
    assert tried < 45


def test_a_right_code_in_between_ends_no_wait_for_passwords(
    instance: Instance, person: Someone, clock: FixedClock
) -> None:
    begin(instance, person, Mode.COOKIE)
    for _ in range(10):
        assert set(confirm(instance, "either", password="not the right one")) == {"password"}
    assert confirm(instance, "either", code=person.code(clock.now())) == {}
    with pytest.raises(Throttled):
        confirm(instance, "either", password=PASSWORD)


@pytest.mark.parametrize("mode", list(Mode))
def test_password_and_code_together_make_the_owner_s_own_mistakes_forgotten(
    instance: Instance, person: Someone, clock: FixedClock, mode: Mode
) -> None:
    begin(instance, person, mode)
    for _ in range(4):
        for _ in range(4):
            assert confirm(instance, "both", password=PASSWORD, code=WRONG_CODE)
        clock.advance(timedelta(minutes=1))
        assert confirm(instance, "both", password=PASSWORD, code=person.code(clock.now())) == {}
    assert not has_ended(instance)


def test_without_a_second_factor_the_password_is_all_there_is(instance: Instance) -> None:
    bob = make_person(instance, "bob")
    begin(instance, bob, Mode.LIMITED)
    for _ in range(4):
        for _ in range(4):
            assert confirm(instance, "either", password="not the right one")
        assert confirm(instance, "either", password=PASSWORD) == {}
    assert not has_ended(instance)
