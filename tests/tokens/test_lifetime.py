"""No API token lives longer than the operator allows; those that were made before stay as they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.kernel.work import Instance
from portal.tokens import lifetime, replacing, service
from portal.tokens.errors import EndsTooLate
from portal.tokens.models import Token
from tests.support.clock import NOON, FixedClock
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site
from tests.tokens.test_add import ADD, CHOICES, problems, rows, send

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody without projects."""
    return make_person(instance)


@pytest.fixture
def bounded(bed: Bed) -> Instance:
    """The same index, where a token lives for 30 days at most."""
    return bed.assemble(token_days=30).instance


def create(instance: Instance, person: Someone, end: datetime | None, name: str = "ci") -> Token:
    """A committed token."""
    with instance.work() as work:
        return service.create(work, person.account_id, name=name, projects=None, expires_at=end).token


def replace(instance: Instance, token: Token, *, renewed: bool, hours: int = 0) -> Token:
    """A new one in its place, committed."""
    with instance.work() as work:
        return replacing.replace(work, token.account_id, token.id, hours=hours, renewed=renewed).token


@pytest.mark.parametrize("may", ["upload", "download"])
@pytest.mark.parametrize("end", [None, NOON + 30 * DAY + SECOND], ids=["never", "later"])
def test_a_token_that_would_live_longer_is_not_made(
    bounded: Instance, person: Someone, end: datetime | None, may: Any
) -> None:
    with bounded.work() as work, pytest.raises(EndsTooLate):
        service.create(work, person.account_id, name="ci", projects=None, expires_at=end, may=may)
    assert rows(bounded) == []


def test_one_that_ends_on_the_second_is(bounded: Instance, person: Someone) -> None:
    assert create(bounded, person, NOON + 30 * DAY).expires_at == NOON + 30 * DAY


@pytest.mark.parametrize("end", [None, NOON + 100 * DAY], ids=["never", "later"])
@pytest.mark.parametrize("hours", [0, 5])
def test_an_old_token_goes_on_and_its_replacement_keeps_the_bound(
    instance: Instance, bounded: Instance, person: Someone, end: datetime | None, hours: int
) -> None:
    old = create(instance, person, end)
    with pytest.raises(EndsTooLate):
        replace(bounded, old, renewed=False, hours=hours)
    with bounded.work() as work:
        kept = work.db.scalars(select(Token)).one()
        assert (kept.state(work.now), kept.expires_at, kept.replaced_by) == ("works", end, None)
    assert replace(bounded, old, renewed=True, hours=hours).expires_at == NOON + 30 * DAY


def test_within_the_bound_as_long_again_means_what_it_says(bounded: Instance, person: Someone, bed: Bed) -> None:
    old = create(bounded, person, NOON + 7 * DAY)
    bed.clock.advance(3 * DAY)
    assert replace(bounded, old, renewed=True).expires_at == NOON + 10 * DAY


def test_those_that_were_made_before_are_counted(instance: Instance, bounded: Instance, person: Someone) -> None:
    create(instance, person, None, "never")
    create(instance, person, NOON + 31 * DAY, "later")
    create(bounded, person, NOON + 30 * DAY, "within")
    gone = create(instance, person, None, "gone")
    with instance.work() as work:
        service.revoke(work, person.account_id, gone.id)
        assert lifetime.outliving(work) == 0
    with bounded.work() as work:
        assert lifetime.outliving(work) == 2


@pytest.fixture
def site(bed: Bed, person: Someone) -> Site:
    """A browser that is signed in where a token lives for 30 days at most."""
    site = Site(bed.assemble(token_days=30))
    sign_in(site, person)
    return site


def offered(page: Any, name: str) -> list[str]:
    """What can be chosen in a group."""
    return [choice["value"] for choice in page.html.select(f"input[name={name}]")]


@pytest.mark.parametrize(("days", "times"), [(30, ["7", "30", "date"]), (29, ["7", "date"]), (1, ["date"])])
def test_only_what_is_allowed_is_offered(bed: Bed, person: Someone, days: int, times: list[str]) -> None:
    site = Site(bed.assemble(token_days=days))
    sign_in(site, person)
    page = site.get(ADD)
    assert offered(page, "expires") == times
    last = (NOON + (days - 1) * DAY).date().isoformat()
    assert f"at the latest {last}." in page.html.main.form.text
    assert send(site, **CHOICES | {"expires": "date", "date": last}).status_int == 200


@pytest.mark.parametrize("day", ["2026-07-01", "2030-12-31"])
def test_a_later_day_is_told_at_its_field(site: Site, instance: Instance, day: str) -> None:
    refused = send(site, **CHOICES | {"expires": "date", "date": day})
    assert "Enter 2026-06-30 or an earlier day." in problems(refused)
    assert refused.html.select_one("#date")["aria-invalid"] == "true"
    assert rows(instance) == []


def test_a_form_that_was_open_before_the_bound_makes_no_token(bed: Bed, site: Site, instance: Instance) -> None:
    before: Any = Site(bed.application)
    before.cookiejar = site.cookiejar
    form = last_form(before.get(ADD))
    form["name"], form["scope"], form["expires"] = "ci", "everything", "never"
    answer = site.post(form.action, form.submit_fields(), expect_errors=True)
    assert "Choose how long the token works." in problems(answer)
    assert rows(instance) == []


def test_the_longest_preset_is_the_bound_itself(site: Site, instance: Instance) -> None:
    assert send(site, **CHOICES | {"expires": "30"}).status_int == 200
    assert [token.expires_at for token in rows(instance)] == [NOON + 30 * DAY]


@pytest.mark.parametrize(
    ("end", "offers"),
    [
        (None, ["renewed"]),
        (NOON + 100 * DAY, ["renewed"]),
        (NOON + 20 * DAY, ["same", "renewed"]),
    ],
    ids=["never", "beyond", "within"],
)
def test_replacing_offers_what_is_allowed(
    site: Site, instance: Instance, person: Someone, clock: FixedClock, end: datetime | None, offers: list[str]
) -> None:
    token = create(instance, person, end)
    clock.advance(DAY)
    sign_in(site, person)
    path = f"/manage/account/tokens/{token.id}/replace/"
    page = site.get(path)
    assert offered(page, "until") == offers
    assert ("As long as this index allows" in page.html.main.text) == (len(offers) == 1)
    assert send(site, path, ends="now", until="renewed").status_int == 200


def test_without_a_bound_replacing_a_token_without_an_end_asks_for_none(
    bed: Bed, instance: Instance, person: Someone
) -> None:
    token = create(instance, person, None)
    site = Site(bed.application)
    sign_in(site, person)
    assert offered(site.get(f"/manage/account/tokens/{token.id}/replace/"), "until") == []
