"""The page that ends a token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.tokens import service
from portal.tokens.models import Token
from tests.support.clock import NOON, FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody signed in with cookies."""
    person = make_person(instance)
    sign_in(site, person)
    return person


@pytest.fixture
def token(instance: Instance, person: Someone) -> Token:
    """A working token of that person."""
    with instance.work() as work:
        return service.create(work, person.account_id, name="ci", projects=None, expires_at=None).token


def path(token: Token) -> str:
    """The address of the page."""
    return f"/manage/account/tokens/{token.id}/revoke/"


def revoked(instance: Instance, token: Token) -> Any:
    """When the token was revoked."""
    with instance.work() as work:
        return work.db.get_one(Token, token.id).revoked_at


def test_opening_the_page_revokes_nothing(instance: Instance, site: Site, token: Token) -> None:
    assert "Revoke API token “ci”?" in " ".join(site.get(path(token)).html.h1.text.split())
    assert revoked(instance, token) is None


def test_the_button_revokes_and_the_next_title_says_so(instance: Instance, site: Site, token: Token) -> None:
    answer = last_form(site.get(path(token))).submit()
    assert answer.status_int == 303
    assert revoked(instance, token) == NOON
    assert answer.follow().html.title.text.startswith("API token “ci” revoked – ")


def test_a_second_press_is_told_that_it_was_done(instance: Instance, site: Site, token: Token) -> None:
    form = last_form(site.get(path(token)))
    form.submit()
    assert form.submit(expect_errors=True).status_int == 409
    assert site.get(path(token), expect_errors=True).status_int == 409


def test_an_expired_token_can_be_revoked_too(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    with instance.work() as work:
        end = NOON + timedelta(minutes=1)
        token = service.create(work, person.account_id, name="old", projects=None, expires_at=end).token
    clock.advance(timedelta(minutes=2))
    last_form(site.get(path(token))).submit()
    assert revoked(instance, token) == clock.now()


@pytest.mark.usefixtures("person")
def test_what_is_not_ones_own_is_not_found_and_goes_on_working(instance: Instance, site: Site) -> None:
    other = make_person(instance, "noa")
    with instance.work() as work:
        theirs = service.create(work, other.account_id, name="x", projects=None, expires_at=None).token
    sent = last_form(site.get("/manage/account/tokens/add/")).submit_fields()
    assert site.post(path(theirs), sent, expect_errors=True).status_int == 404
    assert revoked(instance, theirs) is None
    for token_id in (theirs.id, new_id(), "x"):
        assert site.get(f"/manage/account/tokens/{token_id}/revoke/", expect_errors=True).status_int == 404


def test_a_session_confirmed_long_ago_is_asked_again(
    instance: Instance, site: Site, person: Someone, token: Token, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=11))
    refused = last_form(site.get(path(token))).submit(expect_errors=True)
    assert refused.status_int == 422
    assert revoked(instance, token) is None
    form = last_form(refused)
    form["confirm-password"] = person.password
    form.submit()
    assert revoked(instance, token) == clock.now()


def test_in_limited_mode_the_password_revokes_and_the_list_is_below_the_handle(
    instance: Instance, site: Site, person: Someone, token: Token
) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    page = blocked.get(f"/~{handle}{path(token)}")
    assert last_form(page).submit(expect_errors=True).status_int == 422
    assert revoked(instance, token) is None
    form = last_form(page)
    form["confirm-password"] = person.password
    answer = form.submit()
    assert revoked(instance, token) == NOON
    assert answer.headers["Location"].endswith(f"/~{handle}/manage/account/tokens/")
    assert answer.follow().html.title.text.startswith("API token “ci” revoked")
