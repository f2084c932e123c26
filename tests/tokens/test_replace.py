"""A new secret for an old token."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts import leaving
from portal.audit.models import Entry
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance
from portal.tokens import narrowing, policy, replacing, service, using
from portal.tokens.errors import AlreadyReplaced, AlreadyRevoked, TokenRefused, TooManyTokens
from portal.tokens.limits import Limits, Networks, NewProject, OneVersion, UploadsLeft
from portal.tokens.limits.own import network
from portal.tokens.macaroon import read
from portal.tokens.models import Token
from portal.tokens.service import Created
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site
from tests.tokens.made import add_project, basic, issued

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def replace(instance: Instance, token: Token, *, hours: int = 0, renewed: bool = False) -> Created:
    """Replace it, committed."""
    with instance.work() as work:
        return replacing.replace(work, token.account_id, token.id, hours=hours, renewed=renewed)


def state(instance: Instance, secret: str) -> str:
    """Whether a token works, or why not."""
    with instance.work(READER) as work:
        try:
            policy.authenticate(work, basic(secret))
        except TokenRefused as refusal:
            return refusal.code
    return "works"


def row(instance: Instance, token: Token) -> Token:
    """The token as it is kept now."""
    with instance.work() as work:
        return work.db.get_one(Token, token.id)


def test_the_new_token_has_the_name_and_every_limit_of_the_old_one(instance: Instance) -> None:
    limits = [Networks.of([network("192.0.2.0/24")]), OneVersion.of("1.0")]
    old = issued(instance, projects=["alpha"], expires_at=NOON + 9 * DAY, limits=limits)
    new = replace(instance, old.token)
    assert (new.token.name, new.token.live_name) == ("laptop", "laptop")
    assert new.token.limits == old.token.limits
    assert new.token.expires_at == old.token.expires_at
    assert read(new.secret).caveats == read(old.secret).caveats
    assert new.token.sealed_key != old.token.sealed_key


def test_the_old_one_ends_at_once(instance: Instance) -> None:
    old = issued(instance)
    new = replace(instance, old.token)
    assert (state(instance, old.secret), state(instance, new.secret)) == ("revoked", "works")
    assert row(instance, old.token).replaced_by == new.token.id


@pytest.mark.parametrize("hours", [1, 72])
def test_the_old_one_goes_on_for_the_chosen_hours(instance: Instance, clock: FixedClock, hours: int) -> None:
    old = issued(instance)
    new = replace(instance, old.token, hours=hours)
    clock.advance(hours * HOUR - timedelta(seconds=1))
    assert (state(instance, old.secret), state(instance, new.secret)) == ("works", "works")
    clock.advance(timedelta(seconds=1))
    assert (state(instance, old.secret), state(instance, new.secret)) == ("expired", "works")


def test_an_upload_under_way_ends_with_the_old_one_or_goes_on_with_it(instance: Instance) -> None:
    old = issued(instance)
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, basic(old.secret))
    again = replace(instance, old.token, hours=1)
    with instance.work(READER) as work:
        assert policy.confirm(work, bearer) is not None
        bearer = policy.authenticate(work, basic(again.secret))
    replace(instance, again.token)
    with instance.work(READER) as work, pytest.raises(TokenRefused, match="revoked"):
        policy.confirm(work, bearer)


def test_an_old_one_that_ends_sooner_anyway_goes_on_no_longer(instance: Instance) -> None:
    old = issued(instance, expires_at=NOON + HOUR)
    replace(instance, old.token, hours=72)
    assert row(instance, old.token).expires_at == NOON + HOUR


@pytest.mark.parametrize("hours", [-1, 73])
def test_other_hours_are_no_choice(instance: Instance, hours: int) -> None:
    with pytest.raises(ValueError, match="72 hours"):
        replace(instance, issued(instance).token, hours=hours)


def test_one_that_expires_can_be_made_for_as_long_again(instance: Instance, clock: FixedClock) -> None:
    old = issued(instance, expires_at=NOON + 9 * DAY)
    clock.advance(8 * DAY)
    new = replace(instance, old.token, renewed=True)
    assert new.token.expires_at == NOON + 17 * DAY
    assert read(new.secret).caveats[1] == b"[0,%d,0]" % (NOON + 17 * DAY).timestamp()


@pytest.mark.parametrize("limit", [UploadsLeft(3), NewProject("fresh")])
def test_one_that_counts_ends_at_once_so_that_nothing_is_counted_twice(instance: Instance, limit: Any) -> None:
    old = issued(instance, limits=[limit])
    with pytest.raises(ValueError, match="not at all if it counts"):
        replace(instance, old.token, hours=1)
    new = replace(instance, old.token)
    assert new.token.limits == old.token.limits


def test_of_many_who_replace_one_token_at_once_one_gets_a_new_one(instance: Instance) -> None:
    old = issued(instance)
    outcomes = at_once(lambda: replace(instance, old.token, hours=1), 10)
    assert sum(isinstance(outcome, Created) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyReplaced) for outcome in outcomes) == 9
    with instance.work() as work:
        assert len(work.db.scalars(select(Token)).all()) == 2


def limits_after(instance: Instance) -> Limits:
    """Those of the one token that works."""
    with instance.work() as work:
        return work.db.scalars(select(Token).where(Token.revoked_at.is_(None))).one().limits


@pytest.mark.parametrize("round_", range(4))
def test_whoever_narrows_it_at_the_same_time_is_not_undone(instance: Instance, round_: int) -> None:
    old = issued(instance, limits=[UploadsLeft(9)]).token
    turns = iter([True, False] if round_ % 2 else [False, True])

    def act() -> str:
        if next(turns):
            return "replaced" if replace(instance, old) else ""
        with instance.work() as work:
            narrowing.narrow(work, old.account_id, old.id, [UploadsLeft(2), OneVersion.of("1.0")])
        return "narrowed"

    outcomes = at_once(act, 2)
    assert "replaced" in outcomes
    limits = limits_after(instance)
    if "narrowed" in outcomes:
        assert (limits.get(OneVersion), limits.get(UploadsLeft)) == (OneVersion.of("1.0"), UploadsLeft(2))
    else:
        assert any(isinstance(outcome, AlreadyRevoked) for outcome in outcomes)


def test_what_happens_to_it_before_it_is_held_counts(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    old = issued(instance, limits=[UploadsLeft(1)])
    hold_open = leaving.hold_open

    def uploaded_first(work: Any, account_id: UUID) -> None:
        if using.current(work, old.token.id).uploads_left:  # type: ignore[union-attr]
            using.count_upload(work, old.token)
        hold_open(work, account_id)

    monkeypatch.setattr(leaving, "hold_open", uploaded_first)
    new = replace(instance, old.token)
    assert new.token.uploads_left == 0


def test_nobody_narrows_or_uses_it_while_its_limits_are_copied(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = issued(instance, limits=[UploadsLeft(1)]).token
    outcomes: list[Any] = []

    def upload() -> None:
        with instance.work() as work:
            held = using.hold(work, old.id)
            outcomes.append(None if held is None else held.revoked_at)

    other = threading.Thread(target=upload)
    retire = replacing._retire

    def slowly(work: Any, token: Token, hours: int) -> None:
        other.start()
        other.join(0.5)
        assert outcomes == []
        retire(work, token, hours)

    monkeypatch.setattr(replacing, "_retire", slowly)
    replace(instance, old)
    other.join(30)
    assert outcomes == [NOON]


def test_somebody_elses_and_ended_tokens_are_not_replaced(instance: Instance) -> None:
    old = issued(instance)
    stranger = make_person(instance, "noa").account_id
    with instance.work() as work, pytest.raises(NotFound):
        replacing.replace(work, stranger, old.token.id, hours=0)
    replace(instance, old.token, hours=1)
    with pytest.raises(AlreadyReplaced):
        replace(instance, old.token)


def test_old_ones_that_go_on_count_among_the_working_tokens(instance: Instance) -> None:
    last = issued(instance).token
    with instance.work() as work:
        for number in range(service.LIVE_LIMIT - 2):
            service.create(work, last.account_id, name=f"t{number}", projects=None, expires_at=None)
    new = replace(instance, last, hours=1)
    with pytest.raises(TooManyTokens):
        replace(instance, new.token, hours=1)
    replace(instance, new.token)


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody with a project, signed in with cookies."""
    person = make_person(instance)
    with instance.work() as work:
        add_project(work, person.account_id, "alpha")
    sign_in(site, person)
    return person


def made(instance: Instance, person: Someone, **choices: Any) -> Token:
    """A token of that person."""
    with instance.work() as work:
        return service.create(
            work, person.account_id, **{"name": "ci", "projects": ["alpha"], "expires_at": None} | choices
        ).token


def form_of(site: Site, token: Token, **choices: Any) -> Any:
    """The page's form, filled in."""
    form = last_form(site.get(f"/manage/account/tokens/{token.id}/replace/"))
    for name, value in choices.items():
        form[name] = value
    return form


def test_the_new_secret_is_shown_in_the_answer_and_never_again(instance: Instance, site: Site, person: Someone) -> None:
    token = made(instance, person)
    form = form_of(site, token, ends="later", hours="24")
    answer = form.submit()
    secret = answer.html.find(id="token").text.strip()
    assert state(instance, secret) == "works"
    assert "The old token works until 2 June 2026, 12:00 UTC." in " ".join(answer.html.main.text.split())
    assert "no-store" in answer.headers["Cache-Control"]
    assert form.submit(expect_errors=True).status_int == 409
    assert secret[-20:] not in site.get("/manage/account/tokens/").text


def test_the_history_says_how_long_the_old_one_goes_on(instance: Instance, site: Site, person: Someone) -> None:
    form_of(site, made(instance, person), ends="later", hours="24").submit()
    form_of(site, made(instance, person, name="other"), ends="now").submit()
    with instance.work() as work:
        found = work.db.scalars(select(Entry).where(Entry.kind.like("token.replaced%")).order_by(Entry.id)).all()
    assert [(entry.kind, entry.facts["hours"]) for entry in found] == [
        ("token.replaced_later", 24),
        ("token.replaced", 0),
    ]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({}, "Choose when the old token ends"),
        ({"ends": "later"}, "Enter a number of hours from 1 to 72"),
        ({"ends": "later", "hours": "73"}, "Enter a number of hours from 1 to 72"),
        ({"ends": "now", "hours": "5"}, "You chose that it ends at once"),
        ({"ends": "now", "until": None}, "Choose how long the new token works"),
    ],
)
def test_a_choice_that_does_not_fit_is_told(
    instance: Instance, site: Site, person: Someone, clock: FixedClock, choices: dict[str, Any], sentence: str
) -> None:
    token = made(instance, person, expires_at=NOON + 9 * DAY)
    clock.advance(DAY)
    sign_in(site, person)
    form = form_of(site, token, **{name: value for name, value in choices.items() if value is not None})
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert sentence in answer.html.find(class_="summary").text


def test_one_with_more_limits_than_a_new_one_can_hold_is_told_and_goes_on(
    instance: Instance, site: Site, person: Someone
) -> None:
    names = [f"p{number:02}-" + "x" * 60 for number in range(31)]
    with instance.work() as work:
        for name in names:
            add_project(work, person.account_id, name)
    token = made(instance, person, projects=names)
    with instance.work() as work:
        many = Networks.of(network(f"2001:db8:{number:x}:1::/64") for number in range(1, 40, 2))
        narrowing.narrow(work, person.account_id, token.id, [many])
    refused_and_unchanged(instance, site, token, "Create a new token with fewer projects or networks")


def test_one_too_many_is_told_and_the_old_one_goes_on(instance: Instance, site: Site, person: Someone) -> None:
    token = made(instance, person)
    with instance.work() as work:
        for number in range(service.LIVE_LIMIT - 1):
            service.create(work, person.account_id, name=f"t{number}", projects=None, expires_at=None)
    refused_and_unchanged(instance, site, token, "tokens")


def refused_and_unchanged(instance: Instance, site: Site, token: Token, sentence: str) -> None:
    """Replacing it for some hours is refused with this sentence, and leaves nothing behind."""
    before = row(instance, token)
    answer = form_of(site, token, ends="later", hours="5").submit(expect_errors=True)
    assert answer.status_int == 422
    assert sentence in " ".join(answer.html.find(class_="summary").text.split())
    now = row(instance, token)
    assert (now.replaced_by, now.live_name, now.expires_at) == (None, before.live_name, before.expires_at)
    assert now.limits == before.limits


def test_one_that_expires_asks_how_long_the_new_one_works(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    token = made(instance, person, expires_at=NOON + 9 * DAY)
    clock.advance(DAY)
    sign_in(site, person)
    form_of(site, token, ends="now", until="renewed").submit()
    with instance.work() as work:
        ends = work.db.scalars(select(Token.expires_at).where(Token.revoked_at.is_(None))).one()
    assert ends == NOON + 10 * DAY


def test_where_both_come_to_the_same_day_nothing_is_asked(instance: Instance, site: Site, person: Someone) -> None:
    midnight = datetime(2026, 7, 1, tzinfo=UTC)
    form = form_of(site, made(instance, person, expires_at=midnight), ends="now")
    assert "until" not in form.fields
    answer = form.submit()
    assert "Expires 30 June 2026, 24:00 UTC" in " ".join(answer.html.find("dl").text.split())


def test_replaced_ones_name_their_successor_and_neither_their_end_nor_their_count(
    instance: Instance, site: Site, person: Someone
) -> None:
    token = made(instance, person, expires_at=NOON + 9 * DAY, limits=[UploadsLeft(3)])
    new = replace(instance, token).token
    page = site.get("/manage/account/tokens/")
    first, second = ([" ".join(cell.text.split()) for cell in row.select("td")] for row in page.html.select("tbody tr"))
    assert (first[1], second[1]) == ("Works Until 10 June 2026", f"Replaced by {str(new.id)[:8]}…")
    assert ("Uploads left: 3." in first[0], "Uploads left" in second[0]) == (True, False)


def test_one_that_counts_is_not_asked_when_it_ends(instance: Instance, site: Site, person: Someone) -> None:
    form = form_of(site, made(instance, person, limits=[UploadsLeft(3)]))
    assert "ends" not in form.fields
    assert form.submit().html.find(id="token") is not None


def test_a_replaced_one_that_still_works_says_so(instance: Instance, site: Site, person: Someone) -> None:
    token = made(instance, person)
    replace(instance, token, hours=1)
    page = site.get(f"/manage/account/tokens/{token.id}/")
    assert "Replaced by" in page.html.find("dl").text
    assert "…, still works" in page.html.find("dl").text
    assert "Replace this token" not in page.text


def test_a_browser_that_chooses_the_first_by_itself_ends_nothing(instance: Instance, site: Site) -> None:
    ada = make_person(instance, "ada")
    with instance.work() as work:
        old = service.create(work, ada.account_id, name="laptop", projects=None, expires_at=None)
    sign_in(site, ada)
    page = site.get(f"/manage/account/tokens/{old.token.id}/replace/")
    form = last_form(page)
    form["ends"] = page.html.select("input[name=ends]")[0]["value"]
    assert form.submit(expect_errors=True).status_int == 422
    assert state(instance, old.secret) == "works"
