"""The address at which a program asks for a short-lived token."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account, Address
from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.tokens import policy, service, using
from portal.tokens.errors import TokenRefused
from portal.tokens.minting.errors import MintRefused
from portal.tokens.minting.reading import read
from portal.tokens.models import Token
from tests.support.clock import FixedClock
from tests.support.instances import READER, Bed
from tests.support.people import PASSWORD, Someone, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site
from tests.tokens.made import add_project, basic

PATH = "/_/tokens/mint"
Headers = dict[str, str] | None


@pytest.fixture
def grace(instance: Instance) -> Someone:
    """Somebody with an authenticator app and two projects."""
    person = make_person(instance, "grace", authenticator=True)
    with instance.work() as work:
        for name in ("Demo", "Other"):
            add_project(work, person.account_id, name)
    return person


@pytest.fixture
def program(bed: Bed) -> Site:
    """A program in front of an instance that mints."""
    return as_program(Site(bed.assemble(mint_tokens=True)))


def as_program(site: Site) -> Site:
    """What is no browser sends none of its headers."""
    for name in ("HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_DEST"):
        del site.extra_environ[name]
    return site


def ask(
    site: Site, person: Someone, clock: FixedClock, *, headers: dict[str, str] | None = None, **changes: Any
) -> Any:
    """Ask for a token of Demo with the password and the code of this moment."""
    held = {"username": person.username, "password": person.password, "project": "demo"}
    held["code"] = person.code(clock.now()) if person.key else "000000"
    return send(site, json.dumps(held | changes).encode(), headers=headers)


def send(site: Site, body: bytes, *, headers: Headers = None, kind: str = "application/json") -> Any:
    """Send a body."""
    return site.post(PATH, body, headers=headers or {}, content_type=kind, expect_errors=True)


def refused(answer: Any) -> tuple[int, str]:
    """Status and code of an answer."""
    return answer.status_int, answer.json["code"]


def tokens(instance: Instance) -> list[Token]:
    """All tokens there are."""
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(Token)))


def kinds(instance: Instance, person: Someone) -> list[str]:
    """The kinds of what stands in somebody's history, oldest first."""
    with instance.work(write=False) as work:
        query = select(Entry.kind).where(Entry.account_id == person.account_id).order_by(Entry.id)
        return list(work.db.scalars(query))


def used(instance: Instance, token: str, project: str) -> str:
    """What becomes of an upload: "taken", or the code of the refusal."""
    with instance.work(READER) as work:
        try:
            policy.authorize(work, policy.authenticate(work, basic(token)), project)
        except TokenRefused as refusal:
            return refusal.code
    return "taken"


def test_password_and_code_get_a_token_of_one_project_for_a_quarter_of_an_hour(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    answer = ask(program, grace, clock, project="DEMO")
    assert (answer.status_int, answer.headers["Cache-Control"]) == (201, "no-store")
    assert (answer.json["username"], answer.json["projects"]) == ("__token__", ["demo"])
    assert answer.json["expires"] == "2026-06-01T12:15:00+00:00"
    assert "Set-Cookie" not in answer.headers
    token = answer.json["token"]
    assert [used(instance, token, name) for name in ("demo", "other")] == ["taken", "other-project"]
    clock.advance(timedelta(minutes=15))
    assert used(instance, token, "demo") == "expired"


def test_less_time_can_be_asked_for(program: Site, grace: Someone, clock: FixedClock) -> None:
    assert ask(program, grace, clock, minutes=1).json["expires"] == "2026-06-01T12:01:00+00:00"


def test_its_owner_gets_a_letter_and_finds_it_in_history_and_list(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    secret = ask(program, grace, clock).json["token"]
    with instance.work(write=False) as work:
        entry = work.db.scalars(select(Entry).where(Entry.account_id == grace.account_id)).one()
    assert (entry.kind, entry.facts["project"], entry.address) == ("token.minted", "demo", READER.address)
    send_due(instance)
    letter = newest(instance.settings, 1)[0]
    assert (letter.to, letter.subject) == (grace.email, "A program created an API token")
    assert secret not in letter.text + json.dumps(entry.facts)
    browser = Site(program.application)
    sign_in(browser, grace, code=grace.code(clock.now(), steps=1))
    assert entry.facts["label"] in browser.get("/manage/account/tokens/").text


def test_one_letter_comes_for_a_token_however_soon_it_is_used(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    send_due(instance)
    before = len(newest(instance.settings, 50))
    ask(program, grace, clock)
    (token,) = tokens(instance)
    with instance.work(READER) as work:
        using.note_use(work, token.id)
    send_due(instance)
    assert len(newest(instance.settings, 50)) == before + 1
    assert kinds(instance, grace) == ["token.minted", "token.first_used"]


def test_unless_the_operator_wants_it_there_is_nothing_here(site: Site, grace: Someone, clock: FixedClock) -> None:
    assert ask(as_program(site), grace, clock).status_int == 404
    assert site.get(PATH, expect_errors=True).status_int == 404


def test_it_is_never_below_a_language_or_read(program: Site, grace: Someone) -> None:
    assert program.post(f"/en-XA{PATH}", b"{}", content_type="application/json", expect_errors=True).status_int == 404
    assert program.get(PATH, expect_errors=True).status_int == 405


def test_a_browser_is_turned_away_before_anything_is_read(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    sent = [("Origin", "http://localhost"), ("Origin", "null"), ("Sec-Fetch-Site", "same-origin")]
    sent += [("Sec-Fetch-Mode", "cors"), ("sec-fetch-anything", "new")]
    for name, value in sent:
        assert refused(ask(program, grace, clock, headers={name: value})) == (403, "browser")
    assert tokens(instance) == []
    # The code was not even looked at.
    assert ask(program, grace, clock).status_int == 201


def test_a_form_that_looks_like_json_is_not_read(program: Site, grace: Someone, clock: FixedClock) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp"):
        assert refused(send(program, b"{}", kind=kind)) == (415, "not-json")


def test_wrong_name_and_wrong_password_get_the_same_answer(program: Site, grace: Someone, clock: FixedClock) -> None:
    answers = [
        ask(program, grace, clock, password="wrong"),
        ask(program, grace, clock, username="nobody"),
        ask(program, grace, clock, username="nobody@example.org"),
    ]
    assert {refused(answer) for answer in answers} == {(403, "wrong-password")}
    assert len({answer.body for answer in answers}) == 1


def test_a_code_works_once_and_a_wrong_one_is_told(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    assert refused(ask(program, grace, clock, code="000000")) == (403, "wrong-code")
    assert ask(program, grace, clock).status_int == 201
    assert refused(ask(program, grace, clock)) == (403, "wrong-code")
    assert len(tokens(instance)) == 1


def test_the_code_is_used_up_even_where_no_token_is_made(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    assert refused(ask(program, grace, clock, project="nobodys")) == (403, "no-project")
    assert refused(ask(program, grace, clock)) == (403, "wrong-code")
    assert tokens(instance) == []
    assert kinds(instance, grace) == ["token.minting_refused", "session.refused.used"]


def test_of_ten_with_one_code_one_gets_a_token(bed: Bed, instance: Instance, grace: Someone, clock: FixedClock) -> None:
    application = bed.assemble(mint_tokens=True)
    code = grace.code(clock.now())
    statuses = at_once(lambda: ask(as_program(Site(application)), grace, clock, code=code).status_int, 10)
    assert statuses.count(201) == 1
    assert len(tokens(instance)) == 1


def test_without_a_second_factor_there_is_no_token(program: Site, instance: Instance, clock: FixedClock) -> None:
    person = make_person(instance, "ada")
    with instance.work() as work:
        add_project(work, person.account_id, "Demo")
    assert refused(ask(program, person, clock)) == (403, "no-2fa")
    assert tokens(instance) == []
    # Somebody who tries stolen passwords here is seen, as on the page for signing in.
    assert kinds(instance, person) == ["token.minting_refused"]


def test_a_closed_account_gets_none(program: Site, instance: Instance, grace: Someone, clock: FixedClock) -> None:
    with instance.work() as work:
        ends = clock.now() + timedelta(days=14)
        work.db.execute(update(Account).where(Account.id == grace.account_id).values(closes_at=ends))
    assert refused(ask(program, grace, clock)) == (403, "held")
    assert tokens(instance) == []


def test_nor_one_that_nobody_can_write_to(program: Site, instance: Instance, grace: Someone, clock: FixedClock) -> None:
    with instance.work() as work:
        work.db.execute(update(Address).where(Address.account_id == grace.account_id).values(confirmed_at=None))
    assert refused(ask(program, grace, clock)) == (403, "no-address")


def test_somebody_elses_project_is_like_one_that_is_not_there(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    ada = make_person(instance, "ada")
    with instance.work() as work:
        add_project(work, ada.account_id, "Secret")
    theirs = ask(program, grace, clock, project="secret")
    clock.advance(timedelta(seconds=30))
    nobodys = ask(program, grace, clock, project="nobodys")
    assert (theirs.status, theirs.body) == (nobodys.status, nobodys.body)


def test_a_hundred_working_tokens_are_enough(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LIVE_LIMIT", 1)
    assert ask(program, grace, clock).status_int == 201
    clock.advance(timedelta(seconds=30))
    assert refused(ask(program, grace, clock)) == (409, "too-many")
    clock.advance(timedelta(minutes=15))
    assert ask(program, grace, clock).status_int == 201


def test_attempts_are_counted_together_with_those_to_sign_in(
    program: Site, instance: Instance, grace: Someone, clock: FixedClock
) -> None:
    for _ in range(instance.settings.throttle_free):
        assert refused(ask(program, grace, clock, password="wrong")) == (403, "wrong-password")
    answer = ask(program, grace, clock)
    assert refused(answer) == (429, "throttled")
    assert answer.headers["Retry-After"] == "30"
    page = sign_in(Site(program.application), grace, code=grace.code(clock.now()))
    assert page.status_int == 429
    assert tokens(instance) == []


GOOD = {"username": "grace", "password": PASSWORD, "code": "123456", "project": "demo"}
BAD: list[Any] = [
    [],
    "text",
    None,
    {},
    GOOD | {"more": 1},
    {name: value for name, value in GOOD.items() if name != "code"},
    *[GOOD | {name: value} for name in GOOD for value in ("", 1, None, ["x"], {}, "x\0", "\ud800")],
    *[GOOD | {"minutes": value} for value in (0, 16, -1, 1.5, "5", True, None, 10**30)],
    GOOD | {"username": "x" * 321},
]


@pytest.mark.parametrize("held", BAD, ids=range(len(BAD)))
def test_anything_else_than_what_is_asked_for_is_refused(held: Any) -> None:
    with pytest.raises(MintRefused) as raised:
        read(json.dumps(held).encode())
    assert (raised.value.status, raised.value.code) == (400, "malformed")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 3000, b'{"a": 1' + b"0" * 3000 + b"}", b'{"username": "a", "username": "b"}', b"NaN"]
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(MintRefused) as raised:
        read(body)
    assert (raised.value.status, raised.value.code) == (400, "malformed")


def test_what_is_malformed_or_too_long_is_told(program: Site, grace: Someone) -> None:
    assert refused(send(program, b"{}")) == (400, "malformed")
    assert refused(send(program, b" " * 4097)) == (413, "too-large")


def test_a_password_with_percent_signs_is_taken_as_it_is(program: Site, grace: Someone, clock: FixedClock) -> None:
    assert refused(ask(program, grace, clock, password="100%ff & more+")) == (403, "wrong-password")


def test_neither_password_nor_code_nor_token_is_logged(
    program: Site, grace: Someone, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = ask(program, grace, clock).json["token"]
    ask(program, grace, clock)
    lines = "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert secret not in lines
    assert grace.password not in lines
