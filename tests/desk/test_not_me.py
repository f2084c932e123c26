"""“This was not me”: shutting everybody out with the link of a letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts import resets, tickets
from portal.accounts.models import Account, Address
from portal.accounts.names import email_key
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.factors.service import has_factor
from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.signin import others, places
from portal.tokens import service as tokens
from portal.tokens.listing import listed
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site

__all__ = ["postbox"]


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an authenticator app and a token."""
    made = make_person(instance, authenticator=True)
    with instance.work() as work:
        tokens.create(work, made.account_id, name="laptop", projects=None, expires_at=None)
    return made


@pytest.fixture
def path(instance: Instance, person: Someone) -> str:
    """The address that the letter holds."""
    with instance.work() as work:
        ticket = tickets.issue(work, Purpose.NOT_ME, person.account_id, None, life=places.LIFE)
    return f"/account/not-me/{ticket}/"


def standing(instance: Instance, person: Someone) -> tuple[int, int]:
    """How many sessions and tokens still work."""
    with instance.work() as work:
        live = others.live_sessions(work, person.account_id)
        working = [token for token in listed(work, person.account_id).tokens if token.revoked_at is None]
        return len(live), len(working)


def letters(instance: Instance, postbox: Postbox) -> list[tuple[str, str]]:
    """To whom and about what, after the worker has gone round."""
    resets.answer_all(instance)
    send_due(instance)
    return sorted((str(message["To"]), str(message["Subject"])) for message in postbox.messages)


def test_one_button_ends_sessions_and_tokens_and_sends_a_letter_for_a_new_password(
    instance: Instance, site: Site, postbox: Postbox, *, person: Someone, path: str, clock: FixedClock
) -> None:
    thief, bare = Site(site.application), Site(site.application, takes_cookies=False)
    sign_in(thief, person, code=person.code(clock.now()))
    sign_in_limited(bare, person, code=person.code(clock.now(), steps=1))
    assert standing(instance, person) == (2, 1)
    page = last_form(site.get(path)).submit()
    assert page.html.h1.text == "Everybody is signed out of your account"
    assert standing(instance, person) == (0, 0)
    assert thief.get("/manage/account/").status_int == 303
    assert {subject for _to, subject in letters(instance, postbox)} - {"API token created"} == {
        "Everybody was signed out of your account",
        "Choose a new password",
    }
    with instance.work() as work:
        kinds = list(
            work.db.scalars(select(Entry.kind).where(Entry.account_id == person.account_id).order_by(Entry.id))
        )
    assert "account.everything_ended" in kinds
    assert kinds.count("session.ended.elsewhere") == 2


def test_it_neither_signs_in_nor_touches_password_and_second_factor(
    instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock
) -> None:
    with instance.work() as work:
        before = work.db.get_one(Account, person.account_id).password_hash
    last_form(site.get(path)).submit()
    assert site.get("/manage/account/").status_int == 303
    with instance.work() as work:
        assert work.db.get_one(Account, person.account_id).password_hash == before
        assert has_factor(work, person.account_id)
    assert sign_in(site, person).status_int == 200
    assert sign_in(site, person, code=person.code(clock.now())).status_int == 303


def test_a_sign_in_that_waits_for_its_code_is_void(site: Site, person: Someone, path: str, clock: FixedClock) -> None:
    waiting = last_form(sign_in(site, person))
    last_form(Site(site.application).get(path)).submit()
    waiting["code"] = person.code(clock.now())
    assert "Enter your password again" in waiting.submit(expect_errors=True).text


def test_an_offer_of_limited_mode_is_void(
    instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock
) -> None:
    offer = last_form(sign_in(Site(site.application, takes_cookies=False), person, code=person.code(clock.now())))
    last_form(site.get(path)).submit()
    assert offer.submit(expect_errors=True).status_int == 422
    assert standing(instance, person)[0] == 0


def test_opening_the_page_does_nothing(instance: Instance, site: Site, person: Someone, path: str) -> None:
    page = site.get(path)
    assert "ada" in page.html.find("dl").text
    assert standing(instance, person) == (0, 1)


def test_the_letter_for_a_new_password_goes_to_the_addresses_that_were_proven_first(
    instance: Instance, site: Site, postbox: Postbox, *, person: Someone, path: str, clock: FixedClock
) -> None:
    with instance.work() as work:
        work.db.get_one(Address, _primary(instance, person)).is_primary = False
        work.db.flush()
        for number in range(3):
            email = f"thief{number}@example.org"
            at = clock.now() + timedelta(hours=number + 1)
            work.db.add(
                Address(
                    account_id=person.account_id,
                    email=email,
                    email_key=email_key(email),
                    confirmed_at=at,
                    is_primary=number == 0,
                    created_at=at,
                )
            )
    last_form(site.get(path)).submit()
    assert ("ada@example.org", "Choose a new password") in letters(instance, postbox)


def _primary(instance: Instance, person: Someone) -> object:
    with instance.work() as work:
        return work.db.scalar(select(Address.id).where(Address.account_id == person.account_id, Address.is_primary))


def test_the_link_works_once_and_takes_older_ones_along(
    instance: Instance, site: Site, person: Someone, path: str
) -> None:
    with instance.work() as work:
        older = tickets.issue(work, Purpose.NOT_ME, person.account_id, None, life=places.LIFE)
    form = last_form(site.get(path))
    form.submit()
    page = form.submit(status=410)
    assert page.html.h1.text == "This link was used already"
    assert page.click("Choose a new password").request.path == "/account/reset-password/"
    assert site.get(f"/account/not-me/{older}/", expect_errors=True).status_int == 410


def test_of_many_at_once_one_is_done(instance: Instance, site: Site, person: Someone, path: str) -> None:
    form = last_form(site.get(path))
    fields = dict(form.submit_fields())

    def press() -> int:
        return int(Site(site.application).post(path, fields, expect_errors=True).status_int)

    assert sorted(at_once(press, 5)) == [200, 410, 410, 410, 410]
    with instance.work() as work:
        query = select(func.count()).select_from(Entry).where(Entry.kind == "account.everything_ended")
        assert work.db.scalar(query) == 1


def test_after_seven_days_it_is_over(site: Site, path: str, clock: FixedClock) -> None:
    clock.advance(timedelta(days=7))
    page = site.get(path, status=410)
    assert page.html.h1.text == "This link has expired"
    assert "Nothing was done." in page.text


def test_a_link_for_something_else_is_not_found(site: Site, path: str) -> None:
    assert site.get(path.replace("not-me", "lift-wait"), expect_errors=True).status_int == 404
    assert site.get("/account/not-me/nonsense/", expect_errors=True).status_int == 404
