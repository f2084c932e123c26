"""The outbox: written with the event, sent after it, never lost, sealed while it waits and empty afterwards."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from portal.notices import service, sweep
from portal.notices.models import Letter
from portal.notices.port import Link, MailTransport
from portal.notices.service import CLAIM, FIRST_WAIT, GIVEN_UP, KEPT, LONGEST_WAIT, MOST_TRIES, Bell, send_due
from tests.notices.conftest import Postbox
from tests.support.clock import FixedClock

TO = "ada@example.org"
SECRET = "a-ticket-that-nobody-else-may-read"


def write(work: Work, to: str = TO) -> None:
    values = {"username": "ada", "confirm": Link(f"http://localhost/x/{SECRET}/"), "until": work.now}
    service.write(work, "address_to_confirm", to, values, language="en", account_id=new_id())


def letters(instance: Instance) -> list[Letter]:
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(Letter)))


def test_a_letter_is_gone_when_its_event_is_rolled_back(instance: Instance, postbox: Postbox) -> None:
    work = instance.open()
    write(work)
    work.db.rollback()
    work.db.close()
    assert send_due(instance) == 0
    assert postbox.messages == []


def test_a_letter_is_sent_once_after_the_commit_and_then_empty(instance: Instance, postbox: Postbox) -> None:
    with instance.work() as work:
        write(work)
        work.db.flush()
        assert postbox.messages == []
    assert send_due(instance) == 1
    assert send_due(instance) == 0
    [message] = postbox.messages
    assert message["To"] == TO
    [row] = letters(instance)
    assert (row.recipient, row.body) == (None, None)
    assert row.sent_at is not None


def test_a_waiting_letter_is_unreadable_in_the_database(instance: Instance) -> None:
    with instance.work() as work:
        write(work)
    [row] = letters(instance)
    assert row.recipient is not None
    assert row.body is not None
    for stored in (row.recipient, row.body):
        assert TO.encode() not in stored
        assert SECRET.encode() not in stored
        assert b"Confirm" not in stored


def test_a_refused_letter_is_tried_again_after_growing_waits(
    instance: Instance, postbox: Postbox, clock: FixedClock
) -> None:
    with instance.work() as work:
        write(work)
    postbox.refusals = 12
    waits = []
    for _try in range(12):
        assert send_due(instance) == 0
        [row] = letters(instance)
        waits.append(row.next_try_at - clock.now())
        clock.at = row.next_try_at - timedelta(seconds=1)
        assert send_due(instance) == 0
        assert letters(instance)[0].tries == len(waits)
        clock.at = row.next_try_at
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert send_due(instance) == 1
    assert len(postbox.messages) == 1


def test_letters_that_were_tried_twice_in_vain_are_counted_until_they_are_sent(
    instance: Instance, postbox: Postbox, clock: FixedClock
) -> None:
    with instance.work() as work:
        write(work)
    postbox.refusals = 2
    counted = []
    for _try in range(3):
        send_due(instance)
        with instance.work(write=False) as work:
            counted.append(service.held_up(work))
        clock.advance(3 * FIRST_WAIT)
    assert counted == [0, 1, 0]


def test_a_letter_that_can_not_be_sent_does_not_keep_the_others(instance: Instance, postbox: Postbox) -> None:
    with instance.work() as work:
        write(work, "first@example.org")
        write(work, "second@example.org")
    postbox.refusals = 1
    assert send_due(instance) == 1
    assert len(postbox.messages) == 1


def test_a_crash_between_claim_and_sending_loses_nothing(
    instance: Instance, postbox: Postbox, clock: FixedClock
) -> None:
    with instance.work() as work:
        write(work)
    [row] = letters(instance)
    assert service.claim_letter(instance, row.id) is not None
    assert send_due(instance) == 0
    clock.advance(CLAIM)
    assert send_due(instance) == 1
    assert len(postbox.messages) == 1


def test_a_crash_after_sending_repeats_the_letter_under_the_same_message_id(
    instance: Instance, postbox: Postbox, clock: FixedClock
) -> None:
    with instance.work() as work:
        write(work)
    [row] = letters(instance)
    claim = service.claim_letter(instance, row.id)
    assert claim is not None
    postbox.send(service.compose(instance, claim.letter))
    clock.advance(CLAIM)
    assert send_due(instance) == 1
    first, second = postbox.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


def test_of_twenty_senders_at_once_one_sends(instance: Instance, postbox: Postbox) -> None:
    with instance.work() as work:
        write(work)
    barrier = threading.Barrier(20)

    def send(_sender: int) -> int:
        barrier.wait()
        return send_due(instance)

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(send, range(20))) == 1
    assert len(postbox.messages) == 1


def test_a_claim_that_took_too_long_does_not_postpone_the_next_one(
    instance: Instance, postbox: Postbox, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with instance.work() as work:
        write(work)

    class Slow(Postbox):
        """Another process sends the letter while this one waits in vain."""

        def send(self, message: EmailMessage) -> None:
            monkeypatch.setitem(instance.ports, MailTransport, postbox)
            clock.advance(CLAIM)
            assert send_due(instance) == 1
            raise OSError("timed out")

    monkeypatch.setitem(instance.ports, MailTransport, Slow())
    assert send_due(instance) == 0
    [row] = letters(instance)
    assert row.sent_at is not None
    clock.advance(timedelta(days=1))
    assert send_due(instance) == 0


def test_the_log_names_recipient_and_subject_and_never_the_link(
    instance: Instance, postbox: Postbox, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with instance.work() as work:
        write(work)
    postbox.refusals = 1
    send_due(instance)
    clock.advance(FIRST_WAIT)
    send_due(instance)
    lines = [record.getMessage() for record in caplog.records if record.name == "doorward.mail"]
    assert len(lines) == 2
    assert lines[0].startswith(f"not sent to {TO}: Confirm your e-mail address (OSError, next try in ")
    assert lines[1] == f"sent to {TO}: Confirm your e-mail address"
    assert SECRET not in caplog.text


def test_the_bell_rings_after_the_commit_and_not_before(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Bell()
    rung: list[bool] = []
    monkeypatch.setitem(instance.ports, Bell, bell)
    monkeypatch.setattr(bell, "ring", lambda: rung.append(True))
    with instance.work() as work:
        write(work)
        work.db.flush()
        assert rung == []
    assert rung == [True]


def test_the_bell_waits_for_the_whole_transaction_of_a_letter_written_inside_a_savepoint(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    bell = Bell()
    monkeypatch.setitem(instance.ports, Bell, bell)
    monkeypatch.setattr(bell, "ring", lambda: rung.append(True))
    with instance.work() as work:
        with work.db.begin_nested():
            write(work)
        assert rung == []
    assert rung == [True]


def test_an_altered_letter_stops_nobody_else(instance: Instance, postbox: Postbox) -> None:
    with instance.work() as work:
        write(work, "first@example.org")
    with instance.work() as work:
        work.db.execute(update(Letter).values(body=b"not ours"))
    with instance.work() as work:
        write(work, "second@example.org")
    assert send_due(instance) == 1
    assert [message["To"] for message in postbox.messages] == ["second@example.org"]


def test_only_letters_sent_long_ago_are_forgotten(instance: Instance, postbox: Postbox, clock: FixedClock) -> None:
    with instance.work() as work:
        write(work, "sent@example.org")
    send_due(instance)
    clock.advance(KEPT)
    with instance.work() as work:
        write(work, "waiting@example.org")
        service.forget_sent(work)
    assert len(letters(instance)) == 2
    clock.advance(timedelta(seconds=1))
    with instance.work() as work:
        service.forget_sent(work)
    [row] = letters(instance)
    assert row.sent_at is None


def test_a_letter_that_nobody_takes_is_given_up_after_two_weeks_and_nothing_of_it_is_kept(
    instance: Instance, postbox: Postbox, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    with instance.work() as work:
        write(work)
    postbox.refusals = 10**6
    [row] = letters(instance)
    while clock.at < row.created_at + GIVEN_UP:
        sweep(instance)
        [row] = letters(instance)
        clock.at = row.next_try_at
        send_due(instance)
    sweep(instance)
    assert letters(instance) == []
    assert row.tries > MOST_TRIES
    assert f"letter {row.id} was never sent and is given up" in caplog.text
    [said] = [record.getMessage() for record in caplog.records if "given up" in record.getMessage()]
    assert TO not in said


def test_a_letter_is_not_given_up_because_the_server_was_off(
    instance: Instance, postbox: Postbox, clock: FixedClock
) -> None:
    with instance.work() as work:
        write(work)
    clock.advance(GIVEN_UP)
    sweep(instance)
    assert send_due(instance) == 1


def test_a_letter_that_is_refused_for_good_leaves_nothing_behind_and_keeps_no_other(
    instance: Instance, postbox: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    with instance.work() as work:
        write(work)
    [row] = letters(instance)
    with instance.work() as work:
        write(work, "second@example.org")
    postbox.refused_for_good = {TO}
    assert send_due(instance) == 1
    assert row.id not in {letter.id for letter in letters(instance)}
    [said] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    refused = "is refused for good and is not tried again: there is no such person"
    assert said == f"letter {row.id} for somebody without an account {refused}"
