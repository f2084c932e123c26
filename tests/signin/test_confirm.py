"""Confirm that it is you: when it is asked, what it takes, what it gives."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.signin import confirming, sessions
from portal.signin.models import Mode, Session
from portal.signin.options import action_of
from portal.tokens.models import Token
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

ADD = "/manage/account/tokens/add/"


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with a second factor."""
    return make_person(instance, authenticator=True)


def tokens(instance: Instance) -> int:
    """How many tokens there are."""
    with instance.work() as work:
        return work.db.scalar(select(func.count()).select_from(Token)) or 0


def filled(page: Any, **fields: str) -> Any:
    """The token form, filled in."""
    form = last_form(page)
    form["name"], form["scope"], form["expires"] = "ci upload", "everything", "30"
    for name, value in fields.items():
        form[f"confirm-{name}"] = value
    return form


def test_within_ten_minutes_of_signing_in_nothing_is_asked(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=9))
    page = site.get(ADD)
    assert "confirm-password" not in last_form(page).fields
    assert filled(page).submit().status_int == 200


def test_after_ten_minutes_either_of_the_two_is_enough(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=10))
    assert filled(site.get(ADD), password=person.password).submit().status_int == 200
    clock.advance(timedelta(minutes=10))
    form = filled(site.get(ADD), code=person.code(clock.now()))
    form["name"] = "second"
    assert form.submit().status_int == 200
    assert tokens(instance) == 2


def test_without_either_the_form_comes_back_with_what_was_typed(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=10))
    answer = filled(site.get(ADD)).submit(expect_errors=True)
    assert answer.status_int == 422
    assert last_form(answer)["name"].value == "ci upload"
    assert tokens(instance) == 0


def test_a_wrong_password_is_told_and_stays_in_the_history(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=10))
    answer = filled(site.get(ADD), password="not the password at all").submit(expect_errors=True)
    assert "The password is wrong." in answer.text
    with instance.work() as work:
        assert "session.confirmation.refused" in set(work.db.scalars(select(Entry.kind)))


def test_a_mistake_in_the_form_uses_no_code_up(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=10))
    form = filled(site.get(ADD), code=person.code(clock.now()))
    form["name"] = ""
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    form = filled(answer, code=person.code(clock.now()))
    assert form.submit().status_int == 200


def test_a_confirmation_changes_the_cookie_and_the_old_one_reads_for_a_minute(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    old = site.cookies["session"]
    clock.advance(timedelta(minutes=10))
    filled(site.get(ADD), password=person.password).submit()
    assert site.cookies["session"] != old
    site.set_cookie("session", old)
    assert site.get("/manage/account/history/").status_int == 200
    clock.advance(timedelta(seconds=60))
    assert site.get("/manage/account/history/").status_int == 303


def test_in_limited_mode_every_form_asks_each_time(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person, code=person.code(clock.now()))
    page = blocked.get(f"/~{handle}{ADD}")
    assert filled(page).submit(expect_errors=True).status_int == 422
    assert tokens(instance) == 0
    assert filled(page, password=person.password).submit().status_int == 200
    assert tokens(instance) == 1


def test_both_means_both_for_that_action_however_fresh_the_session(instance: Instance, person: Someone) -> None:
    with instance.work() as work:
        session, _ = sessions.start(work, person.account_id, Mode.COOKIE, longer=False, tells_site=True)
        assert confirming.is_needed(work, session, "both")
        assert not confirming.is_needed(work, session, "either")
        assert confirming.what_to_ask(work, session, "both").all_of


def test_both_is_the_password_alone_before_there_is_a_second_factor(instance: Instance) -> None:
    bob = make_person(instance, "bob")
    with instance.work() as work:
        session, _ = sessions.start(work, bob.account_id, Mode.COOKIE, longer=False, tells_site=True)
        asked = confirming.what_to_ask(work, session, "both")
    assert (asked.password, asked.code, asked.all_of) == (True, False, True)


def test_a_wrong_password_leaves_the_code_unused(instance: Instance, person: Someone, clock: FixedClock) -> None:
    code = person.code(clock.now())
    with instance.work() as work:
        session, _ = sessions.start(work, person.account_id, Mode.COOKIE, longer=False, tells_site=True)
        asked = confirming.what_to_ask(work, session, "both")
        work.settle()
        assert set(confirming.check(work, session, asked, password="wrong", code=code)) == {"password"}
        work.settle()
        assert confirming.check(work, session, asked, password=person.password, code=code) == {}


def test_a_proof_is_good_for_its_session_and_action_and_ten_minutes(
    instance: Instance, person: Someone, clock: FixedClock
) -> None:
    with instance.work() as work:
        session, _ = sessions.start(work, person.account_id, Mode.LIMITED, longer=False, tells_site=True)
        other, _ = sessions.start(work, person.account_id, Mode.LIMITED, longer=False, tells_site=True)
        proof = confirming.seal_proof(work, session, "factors.totp_remove 1")
        assert confirming.is_proof(work, session, "factors.totp_remove 1", proof)
        assert not confirming.is_proof(work, session, "factors.totp_add", proof)
        assert not confirming.is_proof(work, session, "factors.totp_remove 2", proof)
        assert not confirming.is_proof(work, other, "factors.totp_remove 1", proof)
        assert not confirming.is_proof(work, session, "factors.totp_remove 1", proof[:-4] + "AAAA")
    clock.advance(timedelta(minutes=10))
    with instance.work() as work:
        late = work.db.get_one(Session, session.id)
        assert not confirming.is_proof(work, late, "factors.totp_remove 1", proof)


def test_a_confirmation_of_one_page_of_second_factors_is_none_of_another(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=1))
    form = last_form(site.get("/manage/account/two-factor/totp/add/"))
    form["name"], form["confirm-password"], form["confirm-code"] = "second", PASSWORD, person.code(clock.now())
    proof = last_form(form.submit(status=200))["_proof"].value
    overview = site.get("/manage/account/two-factor/")
    paths = [link["href"] for link in overview.html.select('a[href*="/totp/"]') if "/add/" not in link["href"]]
    assert len(paths) == 2
    for path in paths:
        asked = last_form(site.get(path))
        fields = {name: held[0].value for name, held in asked.fields.items() if name and not name.startswith("confirm")}
        assert site.post(path, {**fields, "_proof": proof}, expect_errors=True).status_int == 422


def test_a_confirmation_about_one_thing_is_none_about_another() -> None:
    request = SimpleNamespace(matched_route=SimpleNamespace(name="factors.totp_remove"), matchdict={"id": "1"})
    first = action_of(request)
    request.matchdict = {"id": "2"}
    assert action_of(request) != first


def test_failures_in_a_session_wait_for_that_session_alone(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    clock.advance(timedelta(minutes=10))
    for _ in range(10):
        filled(site.get(ADD), password="not the password at all").submit(expect_errors=True)
    refused = filled(site.get(ADD), password=person.password).submit(expect_errors=True)
    assert refused.status_int == 429
    elsewhere = Site(site.application, REMOTE_ADDR="198.51.100.4")
    assert sign_in(elsewhere, person, code=person.code(clock.now())).status_int == 303


def test_what_is_missing_is_told_of_the_form_and_of_the_confirmation_at_once(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    form = last_form(site.get("/manage/account/password/"))
    answer = form.submit(status=422)
    told = [link["href"] for link in answer.html.select(".summary a")]
    assert told == ["#new_password", "#new_password_again", "#confirm-password", "#confirm-code"]


def test_a_mistake_in_the_form_tells_nothing_about_the_password_that_confirms(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person, code=person.code(clock.now()))
    pages = []
    for password in (person.password, "a wrong one of good length"):
        form = last_form(site.get("/manage/account/password/"))
        form["confirm-password"], form["confirm-code"] = password, "000000"
        pages.append([link.get_text() for link in form.submit(status=422).html.select(".summary a")])
    assert pages[0] == pages[1]
    with instance.work() as work:
        kinds = set(work.db.scalars(select(Entry.kind)))
    assert "session.confirmation.refused" not in kinds
