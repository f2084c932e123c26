"""The page that ends several tokens at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.tokens import service
from portal.tokens.models import Token
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

MANY = "/manage/account/tokens/revoke/"


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody with three working tokens, signed in with cookies."""
    person = make_person(instance)
    with instance.work() as work:
        for name in ("one", "two", "three"):
            service.create(work, person.account_id, name=name, projects=None, expires_at=None)
    sign_in(site, person)
    return person


def tokens(instance: Instance) -> dict[str, Token]:
    """All tokens by name."""
    with instance.work() as work:
        return {token.name: token for token in work.db.scalars(select(Token))}


def address(instance: Instance, *names: str) -> str:
    """The page as one comes to it from the list with these ticked."""
    found = tokens(instance)
    return MANY + "?" + "&".join(f"token={found[name].id}" for name in names)


def working(instance: Instance) -> set[str]:
    """The names of tokens that were not revoked."""
    return {name for name, token in tokens(instance).items() if token.revoked_at is None}


@pytest.mark.usefixtures("person")
def test_opening_the_page_revokes_nothing(instance: Instance, site: Site) -> None:
    site.get(address(instance, "one", "two"))
    assert working(instance) == {"one", "two", "three"}


@pytest.mark.usefixtures("person")
def test_one_button_ends_all_that_were_ticked_and_one_letter_tells_it(instance: Instance, site: Site) -> None:
    send_due(instance)
    before = len(newest(instance.settings, 50))
    form = last_form(site.get(address(instance, "one", "two")))
    assert [box.checked for box in form.fields["tokens"]] == [True, True]
    answer = form.submit().follow()
    assert answer.html.title.text.startswith("API tokens revoked: 2 – ")
    assert working(instance) == {"three"}
    send_due(instance)
    letters = newest(instance.settings, 50)
    assert len(letters) == before + 1
    with instance.work() as work:
        kinds = work.db.scalars(select(Entry.kind).where(Entry.kind.like("token.revoked%")).order_by(Entry.id)).all()
    assert kinds == ["token.revoked", "token.revoked", "token.revoked_together"]


@pytest.mark.usefixtures("person")
def test_without_any_all_are_offered_and_none_is_ticked(instance: Instance, site: Site) -> None:
    form = last_form(site.get(MANY))
    assert [box.checked for box in form.fields["tokens"]] == [False] * 3
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "Choose at least one token" in answer.html.find(class_="summary").text
    assert len(working(instance)) == 3


def test_somebody_elses_tokens_are_neither_shown_nor_ended(instance: Instance, site: Site, person: Someone) -> None:
    other = make_person(instance, "noa")
    with instance.work() as work:
        theirs = service.create(work, other.account_id, name="theirs", projects=None, expires_at=None).token
    page = site.get(f"{MANY}?token={theirs.id}&token=x")
    assert "theirs" not in page.html.main.text
    sent: Any = [*last_form(page).submit_fields(), ("tokens", str(theirs.id))]
    assert site.post(MANY, sent, expect_errors=True).status_int == 422
    with instance.work() as work:
        assert service.revoke_many(work, person.account_id, [theirs.id]) == 0
    assert "theirs" in working(instance)


def test_a_refused_form_keeps_the_ticked_ones_and_no_others(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=11))
    form = last_form(site.get(address(instance, "one", "two")))
    again = last_form(form.submit(expect_errors=True))
    assert [box.checked for box in again.fields["tokens"]] == [True, True]
    again["confirm-password"] = person.password
    again.submit()
    assert working(instance) == {"three"}


def test_somebody_without_tokens_is_told_so(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, "noa"))
    assert "You have no token that can be revoked" in site.get(MANY).text


def test_in_limited_mode_the_button_asks_for_the_password(instance: Instance, site: Site, person: Someone) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    form = last_form(blocked.get(f"/~{handle}{address(instance, 'one', 'two')}"))
    assert form.submit(expect_errors=True).status_int == 422
    assert len(working(instance)) == 3
    form["confirm-password"] = person.password
    form.submit()
    assert working(instance) == {"three"}
