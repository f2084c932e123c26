"""The link that ends a recovery, and the day before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select

from portal.accounts import new_password, resets, tickets
from portal.accounts.models import Address, Ticket
from portal.accounts.names import email_key
from portal.accounts.tickets import Purpose
from portal.desk.recovery import errors, service, sweeps
from portal.factors.recovery import service as codes
from portal.factors.service import has_factor
from portal.kernel.errors import AlreadyUsed
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from portal.signin import others, sessions
from portal.signin.events import SignedIn
from portal.signin.models import Mode
from tests.desk.closing import kinds, subjects
from tests.desk.recovering import links, pass_day, start, state
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import NOON, FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site

__all__ = ["postbox"]


@pytest.fixture
def admin(instance: Instance) -> Someone:
    """An administrator."""
    return make_person(instance, "root", admin=True)


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an authenticator app."""
    return make_person(instance, authenticator=True)


@pytest.fixture
def path(instance: Instance, postbox: Postbox, admin: Someone, person: Someone) -> str:
    """The address that the letter holds after a day."""
    start(instance, person, admin)
    pass_day(instance)
    return links(instance, postbox)["recovery"]


def finish(site: Site, path: str, person: Someone, password: str | None = None) -> Any:
    form = last_form(site.get(path))
    form["password"] = password or person.password
    return form.submit(expect_errors=True)


def test_before_a_day_is_over_no_link_leaves(
    instance: Instance, postbox: Postbox, clock: FixedClock, admin: Someone, person: Someone
) -> None:
    start(instance, person, admin)
    clock.advance(service.DELAY - timedelta(seconds=1))
    sweeps.go_on_all(instance)
    assert set(links(instance, postbox)) == {"stop-recovery"}
    clock.advance(timedelta(seconds=1))
    sweeps.go_on_all(instance)
    sweeps.go_on_all(instance)
    assert "recovery" in links(instance, postbox)
    assert [subject for _to, subject in subjects(instance, postbox)].count(
        "Link to remove two-factor authentication"
    ) == 1


def test_the_link_and_the_password_remove_every_factor_and_end_every_session(
    instance: Instance, site: Site, postbox: Postbox, person: Someone, path: str
) -> None:
    with instance.work() as work:
        sessions.start(work, person.account_id, Mode.COOKIE, longer=False, tells_site=True)
    page = finish(site, path, person)
    assert page.html.h1.text == "Two-factor authentication is removed"
    with instance.work() as work:
        assert not has_factor(work, person.account_id)
        assert codes.state_of(work, person.account_id) is None
        assert others.live_sessions(work, person.account_id) == []
    assert site.get("/manage/account/").status_int == 303
    assert ("ada@example.org", "Two-factor authentication was removed") in subjects(instance, postbox)
    assert [kind for kind in kinds(instance, person.account_id) if kind.startswith("recovery.")] == [
        "recovery.started",
        "recovery.link_sent",
        "recovery.done",
    ]
    assert sign_in(site, person).status_int == 303


def test_without_the_password_nothing_happens(instance: Instance, site: Site, person: Someone, path: str) -> None:
    answer = finish(site, path, person, "a wrong password, it is")
    assert answer.status_int == 422
    with instance.work() as work:
        assert has_factor(work, person.account_id)
    assert kinds(instance, person.account_id)[-1] == "recovery.password_refused"


def test_the_link_works_for_a_day(
    instance: Instance, site: Site, clock: FixedClock, person: Someone, path: str
) -> None:
    clock.advance(service.LINK_LIFE)
    assert site.get(path, status=410).html.h1.text == "This link has expired"
    sweeps.go_on_all(instance)
    assert site.get(path, status=410).html.h1.text == "This link has expired"
    assert state(instance, person) == "expired"
    assert kinds(instance, person.account_id)[-1] == "recovery.expired"


def test_the_link_works_once(site: Site, person: Someone, path: str) -> None:
    finish(site, path, person)
    page = site.get(path, status=410)
    assert page.html.h1.text == "This link was used already"
    assert "and that was done with it" in page.text


def test_the_link_that_cancels_says_when_it_is_too_late(
    instance: Instance, site: Site, postbox: Postbox, person: Someone, path: str
) -> None:
    stopping = links(instance, postbox)["stop-recovery"]
    finish(site, path, person)
    assert "It is too late" in site.get(stopping, status=410).text


def test_of_finishing_and_stopping_at_the_same_instant_one_wins(
    instance: Instance, site: Site, postbox: Postbox, person: Someone, path: str
) -> None:
    stopping = links(instance, postbox)["stop-recovery"]
    forms = [last_form(site.get(path)), last_form(Site(site.application).get(stopping))]
    sent = [
        (path, dict(forms[0].submit_fields()) | {"password": person.password}),
        (stopping, dict(forms[1].submit_fields())),
    ]

    def press() -> int:
        where, fields = sent.pop()
        return int(Site(site.application).post(where, fields, expect_errors=True).status_int)

    assert sorted(at_once(press, 2)) == [200, 410]
    assert state(instance, person) in {"done", "cancelled"}


def test_of_the_link_and_a_sign_in_at_the_same_instant_one_wins_and_none_fails(
    instance: Instance, admin: Someone, clock: FixedClock
) -> None:
    def sign_in_to(person: Someone) -> None:
        with instance.work() as work:
            if service.accounts.still_has_credentials(work, service.accounts.find(work, person.account_id)):
                work.record(SignedIn(account_id=person.account_id))

    def use_link(person: Someone) -> None:
        with instance.work() as work:
            query = select(Ticket).where(Ticket.account_id == person.account_id, Ticket.purpose == Purpose.RECOVERY)
            service.finish(work, work.db.scalars(query).one())

    for number in range(5):
        person = make_person(instance, f"person{number}", authenticator=True)
        start(instance, person, admin)
        pass_day(instance)
        both: list[Callable[[], Any]] = [partial(sign_in_to, person), partial(use_link, person)]
        outcomes = at_once(lambda both=both: both.pop()(), 2)  # type: ignore[misc]
        assert all(outcome is None or isinstance(outcome, AlreadyUsed) for outcome in outcomes), outcomes
        assert state(instance, person) in {"done", "cancelled"}


def test_a_sign_in_with_a_factor_cancels_it(
    instance: Instance, site: Site, postbox: Postbox, person: Someone, path: str
) -> None:
    sign_in(site, person)
    assert state(instance, person) == "sent"
    sign_in(site, person, code=person.code(NOON + service.DELAY))
    assert state(instance, person) == "cancelled"
    assert "The recovery was cancelled." in site.get(path, status=410).text
    assert "was cancelled in another way" in site.get(links(instance, postbox)["stop-recovery"], status=410).text
    assert ("ada@example.org", "The recovery of your account is cancelled") in subjects(instance, postbox)
    assert "recovery.cancelled.sign_in" in kinds(instance, person.account_id)


def change_password(work: Work, person: Someone) -> None:
    """As somebody signed in does."""
    account = service.accounts.find(work, person.account_id)
    new_password.change(work, account, "x", end_sessions=False, revoke_tokens=False, session_id=new_id())


def reset_password(work: Work, person: Someone) -> None:
    """With the link of a letter."""
    account = service.accounts.find(work, person.account_id)
    text = tickets.issue(work, Purpose.RESET_PASSWORD, person.account_id, None, life=timedelta(hours=1))
    work.db.flush()
    resets.reset(work, tickets.find(work, Purpose.RESET_PASSWORD, text), account, "x", revoke_tokens=False)


def confirm_address(work: Work, person: Someone) -> None:
    """With the link of a letter to an address that had been added long ago."""
    address = service.accounts.insert_address(work, person.account_id, "second@example.org", primary=False)
    text = tickets.issue(work, Purpose.CONFIRM_ADDRESS, person.account_id, address.id, life=timedelta(hours=1))
    work.db.flush()
    service.accounts.confirm_address(work, tickets.find(work, Purpose.CONFIRM_ADDRESS, text))


CHANGES = pytest.mark.parametrize(
    "change", [change_password, reset_password, confirm_address], ids=["password", "reset", "address"]
)


@CHANGES
def test_a_change_of_password_or_address_cancels_it_and_keeps_it_away_for_7_days(
    instance: Instance,
    clock: FixedClock,
    admin: Someone,
    person: Someone,
    change: Callable[[Work, Someone], None],
) -> None:
    start(instance, person, admin)
    with instance.work() as work:
        change(work, person)
    assert state(instance, person) == "cancelled"
    assert "recovery.cancelled.change" in kinds(instance, person.account_id)
    clock.advance(timedelta(days=7, seconds=-1))
    with pytest.raises(errors.ChangedLately) as refused:
        start(instance, person, admin)
    assert refused.value.until == NOON + timedelta(days=7)
    clock.advance(timedelta(seconds=1))
    assert start(instance, person, admin) == "waiting"


@CHANGES
def test_a_recovery_that_is_started_at_the_instant_of_a_change_does_not_go_on(
    instance: Instance, admin: Someone, change: Callable[[Work, Someone], None]
) -> None:
    def change_it(person: Someone) -> None:
        with instance.work() as work:
            change(work, person)

    for number in range(5):
        person = make_person(instance, f"person{number}", authenticator=True)
        both: list[Callable[[], Any]] = [partial(start, instance, person, admin), partial(change_it, person)]
        outcomes = at_once(lambda both=both: both.pop()(), 2)  # type: ignore[misc]
        assert state(instance, person) in {None, "cancelled"}, outcomes
        if change is confirm_address:
            with instance.work() as work:
                work.db.execute(delete(Address).where(Address.email == "second@example.org"))


def test_letters_go_to_all_addresses_and_only_the_primary_one_can_stop_it(
    instance: Instance, postbox: Postbox, admin: Someone, person: Someone
) -> None:
    with instance.work() as work:
        email = "second@example.org"
        row = Address(
            account_id=person.account_id,
            email=email,
            email_key=email_key(email),
            confirmed_at=work.now,
            is_primary=False,
            created_at=work.now,
        )
        work.db.add(row)
    start(instance, person, admin)
    told = subjects(instance, postbox)
    assert sorted(to for to, _subject in told) == ["ada@example.org", "second@example.org"]
    bodies = {str(message["To"]): message.get_content() for message in postbox.messages}
    assert "/account/stop-recovery/" in bodies["ada@example.org"]
    assert "/account/stop-recovery/" not in bodies["second@example.org"]
    assert "192.0.2.7" not in "".join(bodies.values())


def test_who_has_lost_nothing_or_can_t_be_reached_or_is_oneself_is_not_recovered(
    instance: Instance, admin: Someone, person: Someone
) -> None:
    with pytest.raises(errors.NothingLost):
        start(instance, make_person(instance, "grace"), admin)
    with pytest.raises(errors.NoWay):
        start(instance, make_person(instance, "mute", confirmed=False, authenticator=True), admin)
    with pytest.raises(errors.OwnAccount):
        start(instance, admin, admin)
    start(instance, person, admin)
    with pytest.raises(errors.UnderWay):
        start(instance, person, admin)


def test_of_many_starts_at_the_same_instant_one_counts(instance: Instance, admin: Someone, person: Someone) -> None:
    outcomes = at_once(lambda: start(instance, person, admin), 5)
    assert [outcome for outcome in outcomes if outcome == "waiting"] == ["waiting"]
    assert kinds(instance, person.account_id) == ["recovery.started"]


def test_the_operator_recovers_an_administrator_alone_only_where_there_is_no_other(instance: Instance) -> None:
    lost = make_person(instance, "lost", authenticator=True, admin=True)
    other = make_person(instance, "other", authenticator=True, admin=True)
    assert start(instance, lost) == "asked"
    with instance.work() as work:
        service.accounts.find(work, lost.account_id).is_admin = False
    assert start(instance, other) == "waiting"
