"""The way of codes, closed for good by somebody who knows the password: how its owner gets in, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import passwords, resets, tickets
from portal.accounts import service as accounts
from portal.accounts.events import ResetRequested
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.kernel.errors import Throttled
from portal.kernel.work import Actor, Instance
from portal.notices.service import send_due
from portal.signin import closed, service, ways
from portal.signin.errors import StepOver
from portal.signin.events import CodeWayClosed, WayClosed
from portal.signin.models import Session
from portal.signin.service import CodeWanted, Proven
from portal.throttle.service import Exhausted, reserve
from tests.accounts.people import watching
from tests.notices.conftest import Postbox, postbox
from tests.signin.test_closed import STRANGER, guess
from tests.support.clock import FixedClock
from tests.support.instances import READER
from tests.support.people import PASSWORD, Someone, make_person, sign_in
from tests.support.site import Site

__all__ = ["postbox"]
ELSEWHERE = Actor(address="198.51.100.20", browser="Firefox on Windows")
NEW = "eleven geese over a frozen pond"
WRONG_CODE = "000000"
HOUR = timedelta(hours=1, seconds=1)
DAY = timedelta(days=1)


def exhaust(instance: Instance, clock: FixedClock, person: Someone, actor: Actor = STRANGER) -> None:
    """As many codes as may be wrong, all but the first and the last counted without being compared."""
    for attempt in range(100):
        with instance.work(actor) as work:
            if attempt in {0, 99}:
                service.prove(work, "ada", PASSWORD, WRONG_CODE)
            else:
                bucket = ways.code_bucket(work, person.account_id)
                work.settle()
                reserve(work, [bucket])
        clock.advance(HOUR)


@pytest.fixture
def person(instance: Instance, clock: FixedClock) -> Someone:
    """Somebody whose way of codes is closed, whose letters are old."""
    made = make_person(instance, authenticator=True)
    exhaust(instance, clock, made)
    closed.tell_all(instance)
    clock.advance(timedelta(days=30))
    return made


def enter(instance: Instance, person: Someone, *, password: str = PASSWORD) -> object:
    """The owner signs in at a place that is new; what came of it, or the refusal."""
    work = instance.open(ELSEWHERE)
    try:
        outcome = service.prove(work, person.username, password, person.code(work.now))
        work.db.commit()
    except Throttled as error:
        return error
    finally:
        work.db.close()
    return outcome


def letters(instance: Instance) -> list[WayClosed]:
    """What the worker writes about now."""
    with watching(instance) as happened:
        closed.tell_all(instance)
    return [event for event in happened if isinstance(event, WayClosed)]


def lift(instance: Instance, text: str) -> None:
    with instance.work() as work:
        closed.lift_with_link(work, tickets.find(work, Purpose.LIFT_WAIT, text))


def reset(instance: Instance, password: str = NEW) -> None:
    """A letter is asked for, and a new password chosen with its link."""
    with watching(instance) as happened:
        with instance.work(ELSEWHERE) as work:
            resets.ask(work, "ada")
        resets.answer_all(instance)
    [asked] = [event for event in happened if isinstance(event, ResetRequested)]
    with instance.work(ELSEWHERE) as work:
        ticket = tickets.find(work, Purpose.RESET_PASSWORD, asked.ticket)
        account = accounts.find(work, ticket.account_id)
        work.settle()
        resets.reset(work, ticket, account, passwords.hash_password(work, password), revoke_tokens=False)


def test_the_right_password_sends_a_fresh_letter_whose_link_lets_the_owner_in(
    instance: Instance, postbox: Postbox, person: Someone
) -> None:
    assert isinstance(enter(instance, person), Exhausted)
    [event] = letters(instance)
    assert isinstance(event, CodeWayClosed)
    send_due(instance)
    assert "somebody knows your password" in " ".join(postbox.messages[-1].get_content().split())
    lift(instance, event.ticket)
    assert isinstance(enter(instance, person), Proven)


def test_however_often_it_is_tried_one_letter_a_day_goes_out(
    instance: Instance, person: Someone, clock: FixedClock
) -> None:
    written = []
    for _ in range(6):
        for _ in range(5):
            enter(instance, person)
        written.append(len(letters(instance)))
        clock.advance(timedelta(hours=12))
    assert written == [1, 0, 1, 0, 1, 0]


def test_without_the_password_nobody_is_written_to(instance: Instance, person: Someone) -> None:
    guess(instance, "ada", 9, code=WRONG_CODE)
    assert letters(instance) == []


def test_a_new_password_opens_the_way_of_codes(instance: Instance, person: Someone) -> None:
    reset(instance)
    assert isinstance(enter(instance, person, password=NEW), Proven)


def test_a_new_password_opens_it_where_today_s_letter_lies_unread(instance: Instance, person: Someone) -> None:
    enter(instance, person)
    [event] = letters(instance)
    reset(instance)
    assert isinstance(enter(instance, person, password=NEW), Proven)
    with pytest.raises(tickets.TicketUsed):
        lift(instance, event.ticket)


def test_a_place_that_the_owner_knows_and_somebody_has_closed_is_opened_from_anywhere(
    instance: Instance, site: Site, clock: FixedClock
) -> None:
    made = make_person(instance, authenticator=True)
    sign_in(site, made, code=made.code(clock.now()))
    exhaust(instance, clock, made, READER)
    assert sign_in(Site(site.application), made, code=made.code(clock.now())).status_int == 429
    [event] = letters(instance)
    lift(instance, event.ticket)
    assert sign_in(Site(site.application), made, code=made.code(clock.now())).status_int == 303


def tries_left(instance: Instance, password: str) -> int:
    """How many wrong codes are taken now, one after the other, before a wait."""
    for count in range(200):
        try:
            guess(instance, "ada", password=password, code=WRONG_CODE)
        except Throttled:
            return count
    raise AssertionError


def test_whoever_reads_the_mail_too_has_the_codes_forgotten_once_a_day_whatever_is_combined(
    instance: Instance, person: Someone, clock: FixedClock
) -> None:
    counted, password = [], PASSWORD
    for hour in range(49):
        with suppress(Throttled):
            guess(instance, "ada", password=password, code=WRONG_CODE)
        for event in letters(instance):
            lift(instance, event.ticket)
        reset(instance, password := f"{NEW} {hour}")
        counted.append(tries_left(instance, password))
        clock.advance(HOUR)
    assert [hour for hour, count in enumerate(counted) if count > 1] == [0, 24, 48]


@pytest.mark.parametrize("first", ["link", "reset"])
def test_of_link_and_new_password_one_forgets_the_codes_that_day(
    instance: Instance, person: Someone, first: str
) -> None:
    enter(instance, person)
    [event] = letters(instance)
    ways: dict[str, Callable[[], None]] = {
        "link": lambda: lift(instance, event.ticket),
        "reset": lambda: reset(instance),
    }
    ways.pop(first)()
    password = NEW if first == "reset" else PASSWORD
    assert tries_left(instance, password) == 10
    if first == "link":
        ways["reset"]()
    else:
        with pytest.raises(tickets.TicketUsed):
            ways["link"]()
    assert tries_left(instance, NEW) == 0


def test_a_step_from_an_old_password_closes_nothing(instance: Instance, person: Someone) -> None:
    reset(instance)
    with instance.work(ELSEWHERE) as work:
        outcome = service.prove(work, "ada", NEW, "")
    assert isinstance(outcome, CodeWanted)
    reset(instance, f"{NEW} again")
    for _ in range(20):
        work = instance.open(ELSEWHERE)
        try:
            with pytest.raises(StepOver):
                service.prove_code(work, outcome.step, WRONG_CODE)
        finally:
            work.db.close()
    assert isinstance(enter(instance, person, password=f"{NEW} again"), Proven)


def test_none_of_it_signs_anybody_in(instance: Instance, person: Someone) -> None:
    enter(instance, person)
    lift(instance, letters(instance)[0].ticket)
    reset(instance)
    with instance.work(write=False) as work:
        assert work.db.scalar(select(func.count()).select_from(Session)) == 0
        assert work.db.scalar(select(func.count()).where(Entry.kind.like("session.started%"))) == 0
