"""Signing in: one form, two modes, a code where there is a second factor."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.audit.models import Entry
from portal.kernel.errors import Throttled
from portal.kernel.work import Actor, Instance
from portal.signin import service
from portal.signin.models import Session
from portal.signin.service import Proven
from tests.support.clock import FixedClock
from tests.support.people import last_form, make_person, sign_in
from tests.support.site import Site

SECRETS = re.compile(r'(name="_token" value|name="step"[^>]*value)="[^"]*"')


def kinds(instance: Instance) -> list[str]:
    """The kinds of all events, oldest first."""
    with instance.work() as work:
        return list(work.db.scalars(select(Entry.kind).order_by(Entry.id)))


def sessions(instance: Instance) -> list[Session]:
    """All sessions, oldest first."""
    with instance.work() as work:
        return list(work.db.scalars(select(Session).order_by(Session.created_at)))


def test_name_and_password_sign_in_and_lead_to_the_account(instance: Instance, site: Site) -> None:
    answer = sign_in(site, make_person(instance))
    assert answer.status_int == 303
    assert answer.headers["Location"] == "http://localhost/manage/account/"
    assert "session.started" in kinds(instance)


def test_the_cookie_is_opaque_http_only_lax_and_its_hash_alone_is_stored(instance: Instance, site: Site) -> None:
    answer = sign_in(site, make_person(instance))
    cookie = next(value for value in answer.headers.getall("Set-Cookie") if value.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    value = cookie.partition(";")[0].partition("=")[2]
    assert len(value) == 43
    (row,) = sessions(instance)
    assert value.encode() not in row.secret_hash
    assert len(row.secret_hash) == 32


def test_a_confirmed_address_signs_in_like_the_user_name(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    assert sign_in(site, person, username=person.email.upper()).status_int == 303


def test_an_unconfirmed_address_does_not_sign_in(instance: Instance, site: Site) -> None:
    person = make_person(instance, confirmed=False)
    assert sign_in(site, person, username=person.email).status_int == 422


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    wrong_password = sign_in(site, person, password="something else entirely")
    wrong_name = sign_in(site, person, username="bob")
    assert wrong_password.status_int == wrong_name.status_int == 422
    clean = [
        SECRETS.sub("", answer.text).replace("ada", "X").replace("bob", "X") for answer in (wrong_password, wrong_name)
    ]
    assert clean[0] == clean[1]
    assert {name: value for name, value in wrong_name.headers.items() if name != "Content-Length"} == {
        name: value for name, value in wrong_password.headers.items() if name != "Content-Length"
    }
    assert kinds(instance).count("session.refused.password") == 2


def test_the_error_keeps_the_user_name_and_drops_the_password(instance: Instance, site: Site) -> None:
    answer = sign_in(site, make_person(instance), password="something else entirely")
    assert last_form(answer)["username"].value == "ada"
    assert "something else" not in answer.text
    assert "User name or password is wrong." in answer.text


def test_a_missing_code_is_asked_for_alone(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    asked = sign_in(site, person)
    assert asked.status_int == 200
    assert "password" not in last_form(asked).fields
    assert not sessions(instance)
    form = last_form(asked)
    form["code"] = person.code(clock.now())
    assert form.submit().status_int == 303


def test_a_code_in_the_first_form_signs_in_at_once(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    code = person.code(clock.now())
    assert sign_in(site, person, code=f"{code[:3]} {code[3:]}").status_int == 303


def test_a_used_code_names_the_time_to_wait_for(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    code = person.code(clock.now())
    assert sign_in(site, person, code=code).status_int == 303
    site.reset()
    again = sign_in(site, person, code=code)
    assert again.status_int == 422
    assert "12:00:30" in again.text
    assert "session.refused.used" in kinds(instance)


def test_a_wrong_code_says_so_and_only_the_code_is_asked_again(instance: Instance, site: Site) -> None:
    person = make_person(instance, authenticator=True)
    again = sign_in(site, person, code="000000")
    assert "This code is wrong." in again.text
    assert "password" not in last_form(again).fields
    assert "session.refused.code" in kinds(instance)


def test_a_password_step_dies_after_five_tries(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    answer = sign_in(site, person)
    for _ in range(5):
        form = last_form(answer)
        form["code"] = "000000"
        answer = form.submit(expect_errors=True)
    form = last_form(answer)
    form["code"] = person.code(clock.now())
    late = form.submit(expect_errors=True)
    assert late.status_int == 422
    assert "Enter your password again" in late.text
    assert not sessions(instance)


def test_a_password_step_dies_after_ten_minutes(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    form = last_form(sign_in(site, person))
    clock.advance(timedelta(minutes=10))
    form["code"] = person.code(clock.now())
    assert "Enter your password again" in form.submit(expect_errors=True).text


def test_a_password_step_dies_with_a_change_of_credentials(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    form = last_form(sign_in(site, person))
    with instance.work() as work:
        work.db.execute(update(Account).values(epoch=Account.epoch + 1))
    form["code"] = person.code(clock.now())
    assert "Enter your password again" in form.submit(expect_errors=True).text


def test_a_used_password_step_signs_nobody_in(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance, authenticator=True)
    form = last_form(sign_in(site, person))
    form["code"] = person.code(clock.now())
    assert form.submit().status_int == 303
    form["code"] = person.code(clock.now(), steps=1)
    assert form.submit(expect_errors=True).status_int == 409
    assert len(sessions(instance)) == 1


def test_a_form_left_open_for_a_day_works(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance)
    form = last_form(site.get("/account/login/"))
    clock.advance(timedelta(days=1))
    form["username"], form["password"] = person.username, person.password
    assert form.submit().status_int == 303


@pytest.mark.parametrize("site_header", ["cross-site", "same-site", "none"])
def test_a_form_from_elsewhere_signs_nobody_in(instance: Instance, site: Site, site_header: str) -> None:
    person = make_person(instance)
    form = last_form(site.get("/account/login/"))
    form["username"], form["password"] = person.username, person.password
    answer = form.submit(headers={"Sec-Fetch-Site": site_header}, expect_errors=True)
    assert answer.status_int == 403
    assert not sessions(instance)


def test_after_ten_failures_the_next_attempt_has_to_wait(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    for _ in range(10):
        assert sign_in(site, person, password="something else entirely").status_int == 422
    refused = sign_in(site, person)
    assert refused.status_int == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 30


@pytest.mark.parametrize("login", ["nobody-here", "nobody@example.org", "ada", "ada@example.org"])
def test_unknown_names_are_throttled_alike(instance: Instance, site: Site, login: str) -> None:
    person = make_person(instance)
    wrong = {"username": login, "password": "something else entirely"}
    assert [sign_in(site, person, **wrong).status_int for _ in range(11)] == [422] * 10 + [429]


@pytest.mark.parametrize("first", ["ada", "ada@example.org", "nobody-here"])
@pytest.mark.parametrize("then", ["ada", "ada@example.org", "nobody@example.org"])
def test_waits_for_a_name_tell_no_neighbour_which_address_it_has(
    instance: Instance, site: Site, first: str, then: str
) -> None:
    person = make_person(instance)
    assert sign_in(site, person).status_int == 303
    neighbour = Site(site.application)
    for _ in range(10):
        sign_in(neighbour, person, username=first, password="something else entirely")
    last = sign_in(neighbour, person, username=then, password="something else entirely")
    assert last.status_int == (429 if first == then else 422)


def test_right_passwords_of_one_network_are_limited_as_well(instance: Instance) -> None:
    person = make_person(instance)
    few = replace(instance, settings=replace(instance.settings, throttle_free=1))

    def enter(address: str) -> None:
        work = few.open(Actor(address=address))
        try:
            assert isinstance(service.prove(work, "ada", person.password, ""), Proven)
            work.db.commit()
        finally:
            work.db.close()

    for _ in range(100):
        enter("192.0.2.7")
    with pytest.raises(Throttled):
        enter("192.0.2.7")
    enter("198.51.100.4")


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    assert sign_in(site, person).status_int == 303
    stranger = Site(site.application, REMOTE_ADDR="198.51.100.4")
    for _ in range(10):
        sign_in(stranger, person, password="something else entirely")
    assert sign_in(stranger, person).status_int == 429
    site.reset()
    assert sign_in(site, person).status_int == 303


@pytest.mark.parametrize(
    "wanted", ["/manage/account/history/", "/manage/account/history/?before=7", "/help/", "/en-XA/help/"]
)
def test_the_wanted_page_follows(instance: Instance, site: Site, wanted: str) -> None:
    answer = sign_in(site, make_person(instance), next=wanted)
    assert answer.headers["Location"] == f"http://localhost{wanted}"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/~aaaaaaaaaaaaaaaaaaaaaaaaaa/help/",
        "/legacy/",
        "/no/such/page/",
        "javascript:alert(1)",
        "/help/\r\nX-Evil: 1",
        "/" + "a" * 5000,
    ],
)
def test_no_other_page_follows(instance: Instance, site: Site, wanted: str) -> None:
    answer = site.get("/account/login/")
    token = last_form(answer)["_token"].value
    person = make_person(instance)
    sent = {"username": person.username, "password": person.password, "next": wanted, "_token": token}
    assert site.post("/account/login/", sent).headers["Location"] == "http://localhost/manage/account/"


def test_the_chosen_time_is_kept(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance), stay="longer")
    (row,) = sessions(instance)
    assert row.idle_seconds == 10 * 60 * 60


def test_an_hour_without_activity_ends_the_session(instance: Instance, site: Site, clock: FixedClock) -> None:
    sign_in(site, make_person(instance))
    clock.advance(timedelta(minutes=59))
    assert site.get("/manage/account/history/").status_int == 200
    clock.advance(timedelta(minutes=59))
    assert site.get("/manage/account/history/").status_int == 200
    clock.advance(timedelta(minutes=61))
    answer = site.get("/manage/account/history/")
    assert answer.status_int == 303
    assert answer.headers["Location"].startswith("http://localhost/account/login/?next=")
    assert "You were signed out because too much time has passed." in answer.follow().text


def test_whoever_was_not_signed_in_is_told_nothing_about_time(instance: Instance, site: Site) -> None:
    make_person(instance)
    assert "too much time" not in site.get("/manage/account/history/").follow().text


def test_a_day_ends_any_session(instance: Instance, site: Site, clock: FixedClock) -> None:
    sign_in(site, make_person(instance), stay="longer")
    for _ in range(3):
        clock.advance(timedelta(hours=7))
        assert site.get("/manage/account/history/").status_int == 200
    clock.advance(timedelta(hours=4))
    assert site.get("/manage/account/history/").status_int == 303


def test_who_is_signed_in_already_is_led_on(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    answer = site.get("/account/login/?next=/manage/account/history/")
    assert answer.headers["Location"] == "http://localhost/manage/account/history/"


def test_signing_in_again_ends_the_session_before(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance)
    form = last_form(site.get("/account/login/"))
    form["username"], form["password"] = person.username, person.password
    form.submit()
    clock.advance(timedelta(seconds=1))
    form.submit()
    assert [session.ended_at is None for session in sessions(instance)] == [False, True]
