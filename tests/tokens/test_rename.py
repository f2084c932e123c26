"""Another name for a token."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.tokens import narrowing, service
from portal.tokens.errors import AlreadyRevoked, NameTaken
from portal.tokens.models import Token
from tests.support.people import last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site
from tests.tokens.made import issued


@pytest.fixture
def token(instance: Instance, site: Site) -> Token:
    """A working token of somebody signed in."""
    person = make_person(instance)
    sign_in(site, person)
    with instance.work() as work:
        service.create(work, person.account_id, name="other", projects=None, expires_at=None)
        return service.create(work, person.account_id, name="ci", projects=None, expires_at=None).token


def send(site: Site, token: Token, name: str) -> Any:
    form = last_form(site.get(f"/manage/account/tokens/{token.id}/rename/"))
    assert form["name"].value == "ci"
    form["name"] = name
    return form.submit(expect_errors=True)


def test_the_new_name_is_shown_and_the_change_stands_in_the_history(
    instance: Instance, site: Site, token: Token
) -> None:
    answer = send(site, token, "Build server").follow()
    assert answer.html.title.text.startswith("API token renamed to “Build server”")
    with instance.work() as work:
        told = work.db.scalars(select(Entry.facts).where(Entry.kind == "token.renamed")).one()
    assert told == {"token_id": str(token.id), "label": "Build server", "before": "ci"}


@pytest.mark.parametrize(("name", "sentence"), [("OTHER", "Enter another name"), (" ", "Enter a name")])
def test_a_name_that_can_not_be_is_told(site: Site, token: Token, name: str, sentence: str) -> None:
    answer = send(site, token, name)
    assert answer.status_int == 422
    assert sentence in answer.html.find(class_="summary").text


def test_only_ones_own_working_token_is_renamed(instance: Instance, site: Site, token: Token) -> None:
    with instance.work() as work:
        theirs = service.create(
            work, make_person(instance, "noa").account_id, name="x", projects=None, expires_at=None
        ).token
        service.revoke(work, token.account_id, token.id)
    assert site.get(f"/manage/account/tokens/{theirs.id}/rename/", expect_errors=True).status_int == 404
    assert site.get(f"/manage/account/tokens/{token.id}/rename/", expect_errors=True).status_int == 409
    with instance.work() as work, pytest.raises(AlreadyRevoked):
        narrowing.rename(work, token.account_id, token.id, "late")


def test_one_that_is_replaced_at_the_same_instant_keeps_no_name_from_others(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issued(instance).token
    find_own = narrowing.find_own

    def replaced_meanwhile(work: Any, account_id: Any, token_id: Any) -> Token:
        found = find_own(work, account_id, token_id)
        retired = update(Token).where(Token.id == token_id).values(live_name=None)
        work.db.execute(retired, execution_options={"synchronize_session": False})
        return found

    monkeypatch.setattr(narrowing, "find_own", replaced_meanwhile)
    with instance.work() as work:
        narrowing.rename(work, token.account_id, token.id, "new")
    with instance.work(write=False) as work:
        row = work.db.get_one(Token, token.id)
        assert (row.name, row.live_name) == ("new", None)


def test_of_many_tokens_that_take_one_name_at_once_one_gets_it(instance: Instance) -> None:
    owner = issued(instance).token.account_id
    with instance.work() as work:
        made = [
            service.create(work, owner, name=f"t{number}", projects=None, expires_at=None).token for number in range(10)
        ]
    waiting = iter(made)

    def rename() -> str:
        token = next(waiting)
        with instance.work() as work:
            narrowing.rename(work, owner, token.id, "same")
        return "renamed"

    outcomes = at_once(rename, 10)
    assert outcomes.count("renamed") == 1
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == 9
