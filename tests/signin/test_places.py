"""A sign-in from a network and browser that were never seen before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.events import PasswordReset
from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.signin import ways
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import FixedClock
from tests.support.instances import READER
from tests.support.people import Someone, make_person, sign_in, sign_in_limited
from tests.support.site import BROWSER, Site

__all__ = ["postbox"]
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
NEW = "session.new_place"


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody who has signed in once, from 192.0.2.7 with Firefox on Linux."""
    made = make_person(instance)
    sign_in(site, made)
    return made


def come(site: Site, person: Someone, address: str, browser: str = BROWSER) -> None:
    """Sign in from there."""
    sign_in(Site(site.application, REMOTE_ADDR=address, HTTP_USER_AGENT=browser), person)


def kinds(instance: Instance, person: Someone) -> list[str]:
    with instance.work() as work:
        return list(work.db.scalars(select(Entry.kind).where(Entry.account_id == person.account_id).order_by(Entry.id)))


def subjects(instance: Instance, postbox: Postbox) -> list[str]:
    send_due(instance)
    return [str(message["Subject"]) for message in postbox.messages]


def test_the_very_first_sign_in_is_no_new_place(instance: Instance, postbox: Postbox, person: Someone) -> None:
    assert kinds(instance, person) == ["session.started"]
    assert subjects(instance, postbox) == []


@pytest.mark.parametrize(
    ("address", "browser"),
    [("198.51.100.4", BROWSER), ("192.0.2.7", PHONE), ("2001:db8::1", BROWSER)],
    ids=["network", "browser", "IPv6"],
)
def test_another_network_or_browser_sends_a_letter_and_blocks_nobody(
    instance: Instance, site: Site, postbox: Postbox, *, person: Someone, address: str, browser: str
) -> None:
    come(site, person, address, browser)
    assert kinds(instance, person) == ["session.started", "session.started", NEW]
    assert subjects(instance, postbox) == ["New sign-in to your account"]
    text = postbox.messages[0].get_content()
    assert address in text
    assert "http://localhost/account/not-me/" in text


@pytest.mark.parametrize("address", ["192.0.200.200", "192.0.2.7"])
def test_the_same_place_again_sends_none(instance: Instance, site: Site, person: Someone, address: str) -> None:
    come(site, person, address)
    assert NEW not in kinds(instance, person)


def test_a_place_is_new_once(instance: Instance, site: Site, person: Someone) -> None:
    for _ in range(3):
        come(site, person, "198.51.100.4")
    assert kinds(instance, person).count(NEW) == 1


def test_limited_mode_counts_as_well(instance: Instance, site: Site, postbox: Postbox, person: Someone) -> None:
    sign_in_limited(Site(site.application, takes_cookies=False, REMOTE_ADDR="198.51.100.4"), person)
    assert subjects(instance, postbox) == ["New sign-in to your account"]


def reset(instance: Instance, person: Someone) -> None:
    """The password is chosen anew with the link of a letter; here it stays the same."""
    with instance.work() as work:
        work.record(PasswordReset(account_id=person.account_id, end_sessions=True, revoke_tokens=False))


def test_once_a_link_has_chosen_the_password_a_place_of_before_is_new_again(
    instance: Instance, site: Site, person: Someone, *, clock: FixedClock
) -> None:
    come(site, person, "198.51.100.4")
    clock.advance(timedelta(hours=1))
    reset(instance, person)
    come(site, person, "198.51.100.4")
    assert kinds(instance, person).count(NEW) == 2
    come(site, person, "198.51.100.4")
    assert kinds(instance, person).count(NEW) == 2


def test_once_a_link_has_chosen_the_password_guesses_from_a_place_of_before_count_with_those_of_strangers(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    def known() -> bool:
        with instance.work(READER, write=False) as work:
            return ways.is_known_place(work, person.account_id)

    assert known()
    clock.advance(timedelta(hours=1))
    reset(instance, person)
    assert not known()
    sign_in(site, person)
    assert known()


def test_other_people_s_places_do_not_count(instance: Instance, site: Site, person: Someone) -> None:
    come(site, make_person(instance, "bob"), "198.51.100.4")
    come(site, person, "198.51.100.4")
    assert NEW in kinds(instance, person)


def test_without_a_confirmed_address_it_stands_in_the_history_only(
    instance: Instance, site: Site, postbox: Postbox
) -> None:
    carol = make_person(instance, "carol", confirmed=False)
    sign_in(site, carol)
    come(site, carol, "198.51.100.4")
    assert NEW in kinds(instance, carol)
    assert subjects(instance, postbox) == []
