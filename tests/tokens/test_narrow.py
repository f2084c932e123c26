"""Letting a token do less: at once, everywhere, and never more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance
from portal.tokens import narrowing, policy, service
from portal.tokens.errors import AlreadyRevoked, NothingNarrower, TokenRefused, Wider
from portal.tokens.limits import Expiration, Limit, Networks, NewReleases, OneVersion, ProjectNames, UploadsLeft
from portal.tokens.limits.own import network
from portal.tokens.models import DOWNLOAD, Token, TokenLimit
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site
from tests.tokens.made import add_project, basic, issued

DAY = timedelta(days=1)
WIDE, SMALL = Networks.of([network("192.0.0.0/16")]), Networks.of([network("192.0.2.0/24")])


def narrow(instance: Instance, token: Token, *limits: Limit) -> Token:
    """Narrow it, and read it again."""
    with instance.work() as work:
        narrowing.narrow(work, token.account_id, token.id, limits)
    with instance.work() as work:
        return work.db.get_one(Token, token.id)


def refused(instance: Instance, secret: str, project: str = "alpha", version: str = "1.0") -> str | None:
    """The code with which an upload is refused; None where it is not."""
    with instance.work(READER) as work:
        try:
            policy.authorize(work, policy.authenticate(work, basic(secret)), project, version=version)
        except TokenRefused as refusal:
            return refusal.code
    return None


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (ProjectNames.of(["beta"]), "other-project"),
        (Networks.of([network("198.51.100.0/24")]), "other-network"),
        (OneVersion.of("2.0"), "other-version"),
        (Expiration.until(NOON), "expired"),
    ],
)
def test_what_is_taken_from_a_token_is_refused_from_then_on(instance: Instance, limit: Limit, code: str) -> None:
    created = issued(instance, projects=["alpha", "beta"])
    assert refused(instance, created.secret) is None
    narrow(instance, created.token, limit)
    assert refused(instance, created.secret) == code


def test_rows_are_only_ever_added(instance: Instance) -> None:
    token = issued(instance, projects=["alpha", "beta"]).token
    before = {row.caveat for row in token.rows}
    after = narrow(instance, token, ProjectNames.of(["beta"]), SMALL)
    assert {row.caveat for row in after.rows} == before | {'[1,["beta"]]', '[100,["192.0.2.0/24"]]'}
    assert after.projects == ["beta"]


def test_an_earlier_end_stands_on_the_row_as_well(instance: Instance) -> None:
    token = issued(instance, expires_at=NOON + 9 * DAY).token
    assert narrow(instance, token, Expiration.until(NOON + DAY)).expires_at == NOON + DAY


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (SMALL, WIDE),
        (SMALL, Networks.of([network("198.51.100.0/24")])),
        (OneVersion.of("1.0"), OneVersion.of("2.0")),
        (UploadsLeft(3), UploadsLeft(4)),
    ],
)
def test_what_would_widen_a_token_is_refused(instance: Instance, held: Limit, wanted: Limit) -> None:
    token = issued(instance, limits=[held]).token
    with pytest.raises(Wider) as caught:
        narrow(instance, token, wanted, NewReleases())
    assert caught.value.kind is type(wanted)
    with instance.work() as work:
        assert work.db.get_one(Token, token.id).limits == token.limits


def test_projects_and_a_later_end_are_not_given_back(instance: Instance) -> None:
    token = issued(instance, projects=["alpha"], expires_at=NOON + DAY).token
    for limit in (ProjectNames.of(["alpha", "beta"]), Expiration.until(NOON + 2 * DAY)):
        with pytest.raises(Wider):
            narrow(instance, token, limit)


@pytest.mark.parametrize("limit", [SMALL, OneVersion.of("1.0"), NewReleases(), UploadsLeft(3)])
def test_what_is_there_already_changes_nothing(instance: Instance, limit: Limit) -> None:
    token = issued(instance, limits=[limit]).token
    with pytest.raises(NothingNarrower):
        narrow(instance, token, limit)


def test_fewer_uploads_are_left_at_once(instance: Instance) -> None:
    token = issued(instance, limits=[UploadsLeft(5)]).token
    assert narrow(instance, token, UploadsLeft(2)).uploads_left == 2


def test_of_many_who_narrow_at_once_all_have_their_way(instance: Instance) -> None:
    token = issued(instance).token
    counts = iter(range(1, 11))

    def act() -> str:
        count = next(counts)
        limits = [UploadsLeft(count), Networks.of([network(f"192.0.0.0/{20 - count}")])]
        with instance.work() as work:
            narrowing.narrow(work, token.account_id, token.id, limits)
        return "narrowed"

    outcomes = at_once(act, 10)
    assert {outcome if isinstance(outcome, str) else type(outcome) for outcome in outcomes} <= {"narrowed", Wider}
    with instance.work() as work:
        found = work.db.get_one(Token, token.id)
        written = work.db.scalars(select(TokenLimit).where(TokenLimit.caveat.like("[100%"))).all()
        assert len(written) == outcomes.count("narrowed")
        assert found.limits.get(Networks) == Networks.of([network("192.0.0.0/19")])
        assert found.uploads_left == 1


def test_somebody_elses_and_ended_tokens_are_left_alone(instance: Instance, clock: FixedClock) -> None:
    token = issued(instance, expires_at=NOON + DAY).token
    stranger = make_person(instance, "noa").account_id
    with instance.work() as work, pytest.raises(NotFound):
        narrowing.narrow(work, stranger, token.id, [SMALL])
    clock.advance(DAY)
    with pytest.raises(AlreadyRevoked):
        narrow(instance, token, SMALL)


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody with two projects, signed in with cookies."""
    person = make_person(instance)
    with instance.work() as work:
        for name in ("alpha", "Beta"):
            add_project(work, person.account_id, name)
    sign_in(site, person)
    return person


def made(instance: Instance, person: Someone, **choices: Any) -> Token:
    """A token of that person."""
    with instance.work() as work:
        return service.create(
            work, person.account_id, **{"name": "ci", "projects": ["alpha", "beta"], "expires_at": None} | choices
        ).token


def send(site: Site, token: Token, **choices: Any) -> Any:
    form = last_form(site.get(f"/manage/account/tokens/{token.id}/narrow/"))
    for name, value in choices.items():
        form[name] = value
    return form.submit(expect_errors=True)


def test_the_form_takes_what_was_filled_in_and_leaves_the_rest(instance: Instance, site: Site, person: Someone) -> None:
    token = made(instance, person)
    answer = send(site, token, projects=["beta", None], date="2026-06-30", uploads="7").follow()
    assert answer.html.title.text.startswith("API token “ci” can do less now")
    facts = " ".join(answer.html.find("dl").text.split())
    for fact in ("Allows Uploads to: Beta", "Uploads left: 7.", "Expires 30 June 2026, 24:00 UTC"):
        assert fact in facts
    with instance.work() as work:
        found = work.db.get_one(Token, token.id)
        assert found.expires_at == datetime(2026, 7, 1, tzinfo=UTC)
        assert work.db.scalars(select(Entry.kind).where(Entry.kind == "token.narrowed")).all() == ["token.narrowed"]


def test_a_token_for_everything_becomes_one_for_chosen_projects(
    instance: Instance, site: Site, person: Someone
) -> None:
    token = made(instance, person, projects=None)
    send(site, token, projects=["alpha"])
    with instance.work() as work:
        assert work.db.get_one(Token, token.id).projects == ["alpha"]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"networks": "192.0.0.0/16"}, "Create a new token for that"),
        ({"uploads": "6"}, "Create a new token for that"),
        ({"date": "2026-07-30"}, "Create a new token for that"),
        ({"date": "2026-05-30"}, "This day is past"),
        ({"projects": []}, "Keep at least one project"),
        ({}, "With this nothing would change"),
    ],
)
def test_what_can_not_be_is_told(
    instance: Instance, site: Site, person: Someone, choices: dict[str, Any], sentence: str
) -> None:
    token = made(instance, person, expires_at=NOON + 9 * DAY, limits=[SMALL, UploadsLeft(5)])
    answer = send(site, token, **choices)
    assert answer.status_int == 422
    assert sentence in answer.html.find(class_="summary").text


def test_from_one_for_downloads_only_time_and_networks_are_taken(
    instance: Instance, site: Site, person: Someone
) -> None:
    token = made(instance, person, projects=None, may=DOWNLOAD)
    fields = last_form(site.get(f"/manage/account/tokens/{token.id}/narrow/")).fields
    assert "networks" in fields
    assert "date" in fields
    assert not {"projects", "version", "uploads", "only_new"} & fields.keys()
    assert send(site, token, networks="192.0.2.0/24").status_int == 303


def test_a_project_that_the_token_never_had_is_not_taken(instance: Instance, site: Site, person: Someone) -> None:
    token = made(instance, person, projects=["alpha"])
    form = last_form(site.get(f"/manage/account/tokens/{token.id}/narrow/"))
    sent = [*form.submit_fields(), ("projects", "beta")]
    answer = site.post(f"/manage/account/tokens/{token.id}/narrow/", sent, expect_errors=True)
    assert answer.status_int == 422


def test_a_session_confirmed_long_ago_is_asked_again(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    token = made(instance, person)
    clock.advance(timedelta(minutes=11))
    assert "Enter your password" in send(site, token, uploads="7").html.find(class_="summary").text
