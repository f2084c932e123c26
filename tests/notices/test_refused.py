"""A letter that a mail server refuses for good: the log says whose it was, and that person finds it on their page."""

from __future__ import annotations

import logging
import smtplib

import pytest

from portal.accounts import refusals, service
from portal.accounts.events import PasswordChanged
from portal.kernel.work import Instance
from portal.notices.answers import about_address
from portal.notices.service import send_due
from tests.notices.conftest import Postbox
from tests.notices.test_registering_strangers import VICTIM, register
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site

EMAILS = "/manage/account/emails/"
MARK = "The mail server refused this address"


def ask_again(instance: Instance, person: Someone) -> None:
    """The letter that confirms the address of somebody, sent at once."""
    with instance.work() as work:
        service.request_confirmation(work, service.addresses(work, person.account_id)[0])
    send_due(instance)


def change_password(instance: Instance, person: Someone) -> None:
    """The letter about a new password, sent at once."""
    with instance.work() as work:
        work.record(PasswordChanged(account_id=person.account_id, end_sessions=False, revoke_tokens=False))
    send_due(instance)


@pytest.fixture
def bob(instance: Instance, postbox: Postbox) -> Someone:
    """Somebody whose unconfirmed address the mail server refuses."""
    person = make_person(instance, "bob", confirmed=False)
    postbox.refused_for_good = {person.email}
    return person


def test_the_log_names_the_account_of_a_refused_letter_and_not_its_address(
    instance: Instance, bob: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    ask_again(instance, bob)
    [said] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert "for the account bob is refused for good" in said
    assert bob.email not in said


def test_the_person_reads_that_the_address_was_refused_and_what_to_do(
    instance: Instance, site: Site, bob: Someone
) -> None:
    sign_in(site, bob)
    assert MARK not in site.get(EMAILS).html.main.get_text()
    ask_again(instance, bob)
    page = site.get(EMAILS).html.main.get_text(" ", strip=True)
    assert MARK in page
    assert "If it is written wrongly or is not yours any more, use another one" in page
    assert "Open the letter that we have written" not in page
    overview = site.get("/manage/account/").html.main.get_text(" ", strip=True)
    assert "The mail server refused your address" in overview
    assert "Follow the link in the letter" not in overview


def test_a_letter_that_is_asked_for_again_and_taken_ends_the_notice(
    instance: Instance, site: Site, postbox: Postbox, bob: Someone
) -> None:
    sign_in(site, bob)
    ask_again(instance, bob)
    postbox.refused_for_good = set()
    ask_again(instance, bob)
    assert MARK not in site.get(EMAILS).html.main.get_text()


def test_a_confirmed_address_that_stops_to_work_is_marked_until_a_letter_gets_through(
    instance: Instance, site: Site, postbox: Postbox
) -> None:
    eve = make_person(instance, "eve")
    sign_in(site, eve)

    postbox.refused_for_good = {eve.email}
    change_password(instance, eve)
    assert f"Confirmed, primary {MARK}" in site.get(EMAILS).html.main.get_text(" ", strip=True)
    postbox.refused_for_good = set()
    change_password(instance, eve)
    assert MARK not in site.get(EMAILS).html.main.get_text()


def test_a_refusal_of_one_letter_is_none_of_its_address(
    instance: Instance, site: Site, postbox: Postbox, bob: Someone
) -> None:
    postbox.about_address = False
    ask_again(instance, bob)
    sign_in(site, bob)
    assert MARK not in site.get(EMAILS).html.main.get_text()


@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
def test_who_registers_with_a_refused_address_does_not_learn_whether_somebody_has_it(
    instance: Instance, site: Site, postbox: Postbox, *, known: bool
) -> None:
    owner = make_person(instance, "victim" if known else "root")
    postbox.refused_for_good = {VICTIM}
    register(site, 1)
    send_due(instance)
    with instance.work() as work:
        stranger = service.by_username_or_none(work, "visitor-1")
        assert stranger is not None
        assert [row.refused_at for row in service.addresses(work, stranger.id)] == [work.now]
        assert [row.refused_at for row in service.addresses(work, owner.account_id)] == [None]


def test_the_refusal_of_an_owners_letter_marks_no_other_account_with_the_same_address(
    instance: Instance, site: Site, postbox: Postbox
) -> None:
    owner = make_person(instance, "victim")
    register(site, 1)
    send_due(instance)
    with instance.work() as work:
        refusals.note(work, owner.account_id, VICTIM)
        stranger = service.by_username_or_none(work, "visitor-1")
        assert stranger is not None
        assert [row.refused_at for row in service.addresses(work, stranger.id)] == [None]


def test_refusals_of_the_last_thirty_days_are_known_by_user_name(
    instance: Instance, bob: Someone, clock: FixedClock
) -> None:
    ask_again(instance, bob)
    with instance.work(write=False) as work:
        assert refusals.lately(work) == ["bob"]
    clock.advance(refusals.LATELY)
    with instance.work(write=False) as work:
        assert refusals.lately(work) == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"5.1.1 User unknown")}), True),
        (smtplib.SMTPDataError(550, b"5.1.1 User unknown"), True),
        (smtplib.SMTPDataError(552, b"5.2.2 Mailbox full"), True),
        (smtplib.SMTPDataError(552, b"5.3.4 Message too big"), False),
        (smtplib.SMTPDataError(554, b"No"), False),
    ],
)
def test_what_a_server_says_about_the_address_is_told_from_what_it_says_about_the_letter(
    error: smtplib.SMTPException, *, expected: bool
) -> None:
    assert about_address(error) is expected
