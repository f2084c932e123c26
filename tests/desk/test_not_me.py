"""“This was not me”: shutting everybody out with the link of a letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts import addresses, new_password, passwords, resets, tickets
from portal.accounts import service as accounts
from portal.accounts.models import Account
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

NEW = "eleven geese over a frozen pond"


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


def press(site: Site, path: str, password: str = NEW, again: str | None = None) -> Any:
    """Open the link, choose a new password, press the button."""
    form = last_form(site.get(path))
    form["new_password"], form["new_password_again"] = password, password if again is None else again
    return form.submit(expect_errors=True)


def test_one_form_ends_sessions_and_tokens_and_replaces_the_password(
    instance: Instance, site: Site, postbox: Postbox, *, person: Someone, path: str, clock: FixedClock
) -> None:
    thief, bare = Site(site.application), Site(site.application, takes_cookies=False)
    sign_in(thief, person, code=person.code(clock.now()))
    sign_in_limited(bare, person, code=person.code(clock.now(), steps=1))
    assert standing(instance, person) == (2, 1)
    page = press(site, path).follow()
    assert page.html.h1.text == "Password changed, and everybody is signed out of your account"
    assert page.click("Sign in", index=-1).request.path == "/account/login/"
    assert standing(instance, person) == (0, 0)
    assert thief.get("/manage/account/").status_int == 303
    clock.advance(timedelta(minutes=2))
    assert sign_in(site, person, password=NEW, code=person.code(clock.now())).status_int == 303
    with instance.work() as work:
        kinds = list(
            work.db.scalars(select(Entry.kind).where(Entry.account_id == person.account_id).order_by(Entry.id))
        )
    assert {"account.everything_ended", "password.reset", "token.revoked"} <= set(kinds)
    assert kinds.count("session.ended.elsewhere") == 2


def test_one_letter_says_what_was_done_and_what_to_look_at(
    instance: Instance, site: Site, postbox: Postbox, path: str
) -> None:
    letters(instance, postbox)
    postbox.messages.clear()
    press(site, path)
    assert letters(instance, postbox) == [
        ("ada@example.org", "Password changed, and everybody signed out of your account"),
    ]
    [told] = [message for message in postbox.messages if "everybody" in message["Subject"]]
    text = " ".join(told.get_content().split())
    assert "The password of your account was changed, every session was ended, and every API token" in text
    assert "look whether every authenticator app and every e-mail address of your account is yours" in text


def test_whoever_knows_the_old_password_is_out_at_once(instance: Instance, site: Site, clock: FixedClock) -> None:
    plain = make_person(instance, "grace")
    with instance.work() as work:
        ticket = tickets.issue(work, Purpose.NOT_ME, plain.account_id, None, life=places.LIFE)
    thief = Site(site.application)
    assert sign_in(thief, plain).status_int == 303
    press(site, f"/account/not-me/{ticket}/")
    assert thief.get("/manage/account/").status_int == 303
    assert "User name or password is wrong" in sign_in(thief, plain).text
    assert standing(instance, plain)[0] == 0


def test_a_sign_in_and_a_new_password_of_the_stranger_do_not_stop_it(
    instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock
) -> None:
    form = last_form(site.get(path))
    sign_in(Site(site.application), person, code=person.code(clock.now()))
    with instance.work() as work:
        account = work.db.get_one(Account, person.account_id)
        work.settle()
        new_password.replace(work, account, passwords.hash_password(work, "the stranger has chosen this"))
    form["new_password"] = form["new_password_again"] = NEW
    assert form.submit().status_int == 303
    assert standing(instance, person) == (0, 0)


def test_it_neither_signs_in_nor_touches_the_second_factor(
    instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock
) -> None:
    press(site, path)
    assert site.get("/manage/account/").status_int == 303
    with instance.work() as work:
        assert has_factor(work, person.account_id)
    assert sign_in(site, person, password=NEW).status_int == 200
    assert sign_in(site, person, password=NEW, code=person.code(clock.now())).status_int == 303


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", "short", "at least 15 characters"),
        ("ada ada ada ada ada", None, "password"),
        (NEW, NEW + "!", "The two new passwords differ. Type the same one twice."),
        ("", "", "Enter a new password."),
    ],
)
def test_a_refused_password_changes_nothing_and_is_told_why(
    instance: Instance, site: Site, person: Someone, path: str, *, password: str, again: str | None, sentence: str
) -> None:
    page = press(site, path, password, again)
    assert page.status_int == 422
    assert sentence in page.html.select_one("section.summary").text
    assert standing(instance, person) == (0, 1)
    assert press(site, path).status_int == 303


def test_addresses_that_were_never_confirmed_are_dropped(
    instance: Instance, site: Site, person: Someone, path: str
) -> None:
    with instance.work() as work:
        addresses.add(work, person.account_id, "mallory@example.org")
    press(site, path)
    with instance.work() as work:
        assert [row.email for row in accounts.addresses(work, person.account_id)] == ["ada@example.org"]


def test_older_links_for_a_new_password_are_void(instance: Instance, site: Site, person: Someone, path: str) -> None:
    with instance.work() as work:
        primary = accounts.addresses(work, person.account_id)[0].id
        older = tickets.issue(work, Purpose.RESET_PASSWORD, person.account_id, primary, life=resets.LIFE)
    press(site, path)
    site.get(f"/account/reset-password/{older}/", status=410)


def test_a_sign_in_that_waits_for_its_code_is_void(site: Site, person: Someone, path: str, clock: FixedClock) -> None:
    waiting = last_form(sign_in(site, person))
    press(Site(site.application), path)
    waiting["code"] = person.code(clock.now())
    assert "Enter your password again" in waiting.submit(expect_errors=True).text


def test_an_offer_of_limited_mode_is_void(
    instance: Instance, site: Site, person: Someone, path: str, clock: FixedClock
) -> None:
    offer = last_form(sign_in(Site(site.application, takes_cookies=False), person, code=person.code(clock.now())))
    press(site, path)
    assert offer.submit(expect_errors=True).status_int == 422
    assert standing(instance, person)[0] == 0


def test_opening_the_page_does_nothing(instance: Instance, site: Site, person: Someone, path: str) -> None:
    page = site.get(path)
    assert last_form(page)["username"].value == person.username
    assert standing(instance, person) == (0, 1)


def test_the_link_works_after_the_stranger_has_removed_the_address_it_went_to(
    instance: Instance, site: Site, person: Someone, path: str
) -> None:
    with instance.work() as work:
        row = accounts.addresses(work, person.account_id)[0]
        thief = accounts.insert_address(work, person.account_id, "thief@example.org", primary=False, proven=True)
        addresses.make_primary(work, person.account_id, thief.id)
        addresses.remove(work, person.account_id, row.id)
    assert press(site, path).status_int == 303
    assert standing(instance, person) == (0, 0)


def test_the_link_works_once_and_takes_older_ones_along(
    instance: Instance, site: Site, person: Someone, path: str
) -> None:
    with instance.work() as work:
        older = tickets.issue(work, Purpose.NOT_ME, person.account_id, None, life=places.LIFE)
    form = last_form(site.get(path))
    form["new_password"] = form["new_password_again"] = NEW
    form.submit()
    page = form.submit(status=410)
    assert page.html.h1.text == "This link was used already"
    assert page.click("Ask for a new letter").request.path == "/account/reset-password/"
    assert site.get(f"/account/not-me/{older}/", expect_errors=True).status_int == 410


def test_of_many_at_once_one_is_done(instance: Instance, site: Site, person: Someone, path: str) -> None:
    form = last_form(site.get(path))
    form["new_password"] = form["new_password_again"] = NEW
    fields = dict(form.submit_fields())

    def send() -> int:
        return int(Site(site.application).post(path, fields, expect_errors=True).status_int)

    assert sorted(at_once(send, 5)) == [303, 410, 410, 410, 410]
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
