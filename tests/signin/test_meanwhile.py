"""What was true when the slow check of a password began is looked at again before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from portal.accounts import passwords
from portal.accounts.models import Account
from portal.accounts.service import renew_credentials
from portal.factors.totp import service as totp
from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.signin.models import Session
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

EMAILS = "/manage/account/emails/"


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody without a second factor and with an address to confirm."""
    return make_person(instance, confirmed=False)


@pytest.fixture
def meanwhile(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Let a statement be executed while a password is being checked."""

    def plan(statement: Any) -> None:
        checked = passwords.verify_password

        def verify(work: Any, stored: str | None, text: str) -> bool:
            with instance.work() as other:
                other.db.execute(statement)
            return checked(work, stored, text)

        monkeypatch.setattr(passwords, "verify_password", verify)

    return plan


def sessions(instance: Instance) -> int:
    """How many sessions there are."""
    with instance.work() as work:
        return len(work.db.scalars(select(Session)).all())


def test_a_password_that_was_changed_signs_nobody_in(
    instance: Instance, site: Site, person: Someone, meanwhile: Callable[[Any], None]
) -> None:
    meanwhile(update(Account).values(epoch=Account.epoch + 1))
    assert sign_in(site, person).status_int == 422
    assert sessions(instance) == 0


@pytest.mark.parametrize("change", [update(Session).values(ended_at=Session.seen_at), update(Account).values(epoch=7)])
def test_a_session_that_was_ended_or_has_an_old_password_confirms_nothing(
    instance: Instance, site: Site, person: Someone, meanwhile: Callable[[Any], None], change: Any
) -> None:
    blocked = Site(site.application, takes_cookies=False)
    form = last_form(blocked.get(f"/~{sign_in_limited(blocked, person)}{EMAILS}"))
    meanwhile(change)
    form["email"], form["confirm-password"] = "second@example.org", person.password
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "This session has been ended in another window." in answer.text


def test_a_second_factor_voids_the_way_into_limited_mode_that_the_password_alone_had_opened(
    instance: Instance, site: Site, person: Someone
) -> None:
    offer = last_form(sign_in(Site(site.application, takes_cookies=False), person))
    with instance.work() as work:
        totp.add(work, person.account_id, totp.Proven(new_id(), "Phone", bytes(20), 1), first=True)
    assert offer.submit(expect_errors=True).status_int == 422
    assert sessions(instance) == 0


def test_what_was_read_before_a_change_is_known_to_be_old(instance: Instance, person: Someone) -> None:
    with instance.work() as work:
        account = work.db.get_one(Account, person.account_id)
        renew_credentials(work, person.account_id)
        assert account.epoch == 0


def test_reading_a_page_notes_it_in_one_statement_a_minute(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    clock.advance(timedelta(minutes=1))
    engine, written = instance.database.engine, []

    def watch(*seen: Any) -> None:
        written.extend([seen[2]] if seen[2].startswith("UPDATE") else [])

    event.listen(engine, "before_cursor_execute", watch)
    try:
        site.get("/manage/account/history/")
        site.get("/manage/account/history/")
    finally:
        event.remove(engine, "before_cursor_execute", watch)
    assert len(written) == 1


def test_the_owner_of_an_ipv6_network_is_known_by_the_network(instance: Instance, site: Site, person: Someone) -> None:
    home = Site(site.application, REMOTE_ADDR="2001:db8:0:7::1")
    assert sign_in(home, person).status_int == 303
    stranger = Site(site.application, REMOTE_ADDR="2001:db8:ffff::1")
    for _ in range(10):
        sign_in(stranger, person, password="something else entirely")
    assert sign_in(Site(site.application, REMOTE_ADDR="2001:db8:0:7::99"), person).status_int == 303
