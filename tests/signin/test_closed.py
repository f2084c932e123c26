"""A way in that strangers have closed: who is written to, and how often."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import tickets
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.kernel.errors import Throttled
from portal.kernel.work import Actor, Instance
from portal.notices.service import send_due
from portal.signin import closed, service
from portal.signin.models import ClosedWay
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import FixedClock
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site

__all__ = ["postbox"]
STRANGER = Actor(address="203.0.113.9", browser="Lynx")
WRONG = "not the right one at all"
LIFT = re.compile(r"/account/lift-wait/([^/\s]+)/")


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an account."""
    return make_person(instance)


def guess(instance: Instance, login: str, times: int = 1, *, password: str = WRONG, code: str = "") -> None:
    """So many attempts of a stranger."""
    for _ in range(times):
        work = instance.open(STRANGER)
        try:
            service.prove(work, login, password, code)
            work.db.commit()
        finally:
            work.db.close()


def letters(instance: Instance, postbox: Postbox) -> list[str]:
    """The subjects of the letters so far, after the worker has gone round."""
    closed.tell_all(instance)
    send_due(instance)
    return [str(message["Subject"]) for message in postbox.messages]


def noted(instance: Instance) -> int:
    with instance.work() as work:
        return work.db.scalar(select(func.count()).select_from(ClosedWay)) or 0


def test_the_tenth_wrong_password_writes_to_the_owner_and_the_ninth_does_not(
    instance: Instance, postbox: Postbox, person: Someone
) -> None:
    guess(instance, "ada", 9)
    assert letters(instance, postbox) == []
    guess(instance, "ada")
    assert letters(instance, postbox) == ["Signing in to your account is paused"]
    text = postbox.messages[0].get_content()
    assert "/account/lift-wait/" in text
    assert "Network address: 203.0.113.9" in text


def test_the_letter_goes_out_for_a_confirmed_address_as_well(
    instance: Instance, postbox: Postbox, person: Someone
) -> None:
    guess(instance, "ADA@example.org", 10)
    assert len(letters(instance, postbox)) == 1


def test_at_most_one_letter_a_day_is_written(
    instance: Instance, postbox: Postbox, person: Someone, clock: FixedClock
) -> None:
    guess(instance, "ada", 10)
    guess(instance, "ada@example.org", 10)
    assert len(letters(instance, postbox)) == 1
    clock.advance(timedelta(hours=25))
    guess(instance, "ada", password=person.password)
    guess(instance, "ada", 10)
    assert len(letters(instance, postbox)) == 2


def test_the_last_attempt_of_all_writes_again(
    instance: Instance, postbox: Postbox, person: Someone, clock: FixedClock
) -> None:
    guess(instance, "ada", 10)
    assert len(letters(instance, postbox)) == 1
    for _ in range(90):
        clock.advance(timedelta(hours=1, seconds=1))
        guess(instance, "ada")
    assert len(letters(instance, postbox)) == 2
    clock.advance(timedelta(days=30))
    with pytest.raises(Throttled):
        guess(instance, "ada")


def test_a_name_that_nobody_has_leaves_the_same_note_and_no_letter(
    instance: Instance, postbox: Postbox, person: Someone
) -> None:
    guess(instance, "nobody", 10)
    assert noted(instance) == 1
    assert letters(instance, postbox) == []
    assert noted(instance) == 0


def test_a_right_password_at_the_tenth_attempt_closes_nothing(instance: Instance, person: Someone) -> None:
    guess(instance, "ada", 9)
    guess(instance, "ada", password=person.password)
    assert noted(instance) == 0


@pytest.mark.parametrize("times", [10, 100])
def test_a_neighbour_who_closes_a_known_place_writes_to_the_owner_whose_link_opens_it(
    instance: Instance, site: Site, postbox: Postbox, person: Someone, *, clock: FixedClock, times: int
) -> None:
    sign_in(site, person)
    neighbour = Site(site.application)
    for attempt in range(times):
        if attempt == 99:
            letters(instance, postbox)
            clock.advance(timedelta(days=1))
        sign_in(neighbour, person, password=WRONG)
        if attempt >= 9:
            clock.advance(timedelta(hours=1, seconds=1) if times == 100 else timedelta(0))
    owner = Site(site.application)
    assert sign_in(owner, person).status_int == 429
    assert set(letters(instance, postbox)) == {"Signing in to your account is paused"}
    secret = LIFT.findall(postbox.messages[-1].get_content())[-1]
    with instance.work() as work:
        closed.lift_with_link(work, tickets.find(work, Purpose.LIFT_WAIT, secret))
    assert sign_in(owner, person).status_int == 303


def test_nine_mistakes_of_the_owner_at_a_known_place_write_no_letter(
    instance: Instance, site: Site, person: Someone
) -> None:
    sign_in(site, person)
    again = Site(site.application)
    for _ in range(9):
        sign_in(again, person, password=WRONG)
    assert noted(instance) == 0


def test_wrong_codes_after_the_right_password_are_told_as_what_they_are(instance: Instance, postbox: Postbox) -> None:
    bob = make_person(instance, "bob", authenticator=True)
    guess(instance, "bob", 10, password=bob.password, code="000000")
    assert letters(instance, postbox) == ["Signing in to your account is paused"]
    assert "somebody knows your password" in " ".join(postbox.messages[0].get_content().split())
    with instance.work() as work:
        kinds = list(work.db.scalars(select(Entry.kind).where(Entry.account_id == bob.account_id).order_by(Entry.id)))
    assert kinds[-1] == "session.way_closed.code"


def test_without_a_confirmed_address_nothing_is_sent(instance: Instance, postbox: Postbox) -> None:
    make_person(instance, "carol", confirmed=False)
    guess(instance, "carol", 10)
    assert letters(instance, postbox) == []


def test_what_was_typed_stands_in_the_database_only_sealed(instance: Instance, person: Someone) -> None:
    guess(instance, "ada@example.org", 10)
    with instance.work() as work:
        [row] = work.db.scalars(select(ClosedWay))
    assert b"ada@" not in row.body
    assert b"203.0.113.9" not in row.body
