"""Letters about a person's account: who gets them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from portal.accounts import addresses, invitations, resets, service
from portal.accounts.models import Account
from portal.desk.events import EverythingEnded
from portal.kernel.work import Instance, Work
from portal.notices.service import send_due
from tests.notices.conftest import Postbox
from tests.notices.test_letters import ADA, READER, ada, folded, sent, text_of
from tests.support.people import set_up

__all__ = ["ada"]

SECOND = "ada@work.example"


@pytest.fixture
def second(instance: Instance, ada: Account) -> UUID:
    """The id of a second confirmed address."""
    with instance.work() as work:
        row = service.insert_address(work, ada.id, SECOND, primary=False)
        row.confirmed_at = work.now
        return row.id


@pytest.fixture
def acting(instance: Instance) -> Iterator[Work]:
    """A unit of work of a reader; committed by the test."""
    work = instance.open(READER)
    yield work
    work.db.close()


def told(instance: Instance, postbox: Postbox, acting: Work) -> list[tuple[str, str]]:
    """(recipient, subject) of every letter that follows."""
    acting.settle()
    send_due(instance)
    return sorted((message["To"], message["Subject"]) for message in postbox.messages)


def test_the_letter_for_a_forgotten_password_goes_to_one_address_and_has_a_link_that_works(
    instance: Instance, postbox: Postbox, ada: Account, second: UUID
) -> None:
    with instance.work(READER) as work:
        resets.ask(work, SECOND)
    resets.answer_all(instance)
    send_due(instance)
    [message] = postbox.messages
    assert (message["To"], message["Subject"]) == (SECOND, "Choose a new password")
    [link] = [line for line in text_of(message).splitlines() if "/reset-password/" in line]
    with instance.work() as work:
        assert resets.tickets.find(work, resets.Purpose.RESET_PASSWORD, link.split("/")[-2]).account_id == ada.id
    text = folded(message)
    assert "The link works once, until 1 June 2026, 13:00 UTC." in text
    assert "Network address: 192.0.2.7" in text
    assert "If it was not you, do nothing." in text


@pytest.mark.usefixtures("second")
def test_a_new_address_gets_its_link_and_the_confirmed_ones_get_the_news(
    instance: Instance, postbox: Postbox, ada: Account, acting: Work
) -> None:
    addresses.add(acting, ada.id, "ada@third.example")
    assert told(instance, postbox, acting) == [
        (ADA, "E-mail address added"),
        ("ada@third.example", "Confirm your e-mail address"),
        (SECOND, "E-mail address added"),
    ]
    news = next(message for message in postbox.messages if message["To"] == ADA)
    assert "The e-mail address ada@third.example was added to your account." in folded(news)
    assert "http://localhost/account/reset-password/" in text_of(news)


def test_a_confirmed_address_is_news_for_the_others_only(
    instance: Instance, postbox: Postbox, ada: Account, acting: Work
) -> None:
    row = service.insert_address(acting, ada.id, SECOND, primary=False)
    text = service.confirmation(acting, row)["ticket"]
    service.confirm_address(acting, service.tickets.find(acting, service.Purpose.CONFIRM_ADDRESS, text))
    assert told(instance, postbox, acting) == [(ADA, "E-mail address confirmed")]


def test_a_new_primary_address_is_news_for_the_one_before(
    instance: Instance, postbox: Postbox, ada: Account, acting: Work, second: UUID
) -> None:
    addresses.make_primary(acting, ada.id, second)
    assert told(instance, postbox, acting) == [(ADA, "Primary e-mail address changed")]


def test_a_removed_address_is_told_as_well_if_it_was_confirmed(
    instance: Instance, postbox: Postbox, ada: Account, acting: Work, second: UUID
) -> None:
    addresses.remove(acting, ada.id, second)
    assert told(instance, postbox, acting) == [(ADA, "E-mail address removed"), (SECOND, "E-mail address removed")]


def test_a_removed_address_that_was_never_confirmed_is_told_nothing(
    instance: Instance, postbox: Postbox, ada: Account, acting: Work
) -> None:
    row = service.insert_address(acting, ada.id, "typo@example.org", primary=False)
    addresses.remove(acting, ada.id, row.id)
    assert told(instance, postbox, acting) == [(ADA, "E-mail address removed")]


def test_letters_to_people_who_chose_no_language_are_in_that_of_the_instance(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    disguised = replace(instance, settings=replace(instance.settings, letter_language="en-XA"))
    sent(disguised, postbox, EverythingEnded(account_id=ada.id))
    with instance.work() as work:
        service.find(work, ada.id).locale = "en"
    sent(disguised, postbox, EverythingEnded(account_id=ada.id))
    assert [str(message["Content-Language"]) for message in postbox.messages] == ["en-XA", "en"]


def test_an_invitation_greets_nobody_by_name_and_has_a_link_that_works(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    with instance.work() as work:
        set_up(work)
        invitations.invite(work, "grace@example.org")
    send_due(instance)
    [message] = postbox.messages
    assert (message["To"], message["Subject"]) == ("grace@example.org", "You are invited to register")
    assert text_of(message).startswith("Hello,\n\nThe people who run")
    [link] = [line for line in text_of(message).splitlines() if "/invitation/" in line]
    with instance.work() as work:
        assert invitations.find(work, link.split("/")[-2]).email == "grace@example.org"
    assert "until 8 June 2026, 12:00 UTC." in folded(message)
