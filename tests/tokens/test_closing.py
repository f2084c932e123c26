"""A token and the end of what it rests on, at the same instant: neither is missed."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.desk.closing import service as closing
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance, Work
from portal.signin import others
from portal.tokens import policy, service
from portal.tokens.errors import TokenRefused
from portal.tokens.models import Token
from tests.support.people import last_form, make_person, sign_in
from tests.support.site import Site
from tests.tokens.made import basic


def working(instance: Instance) -> list[str]:
    with instance.work(write=False) as work:
        return [token.name for token in work.db.scalars(select(Token)) if token.revoked_at is None]


@pytest.mark.parametrize("ends", ["closed", "new password"])
def test_a_token_that_is_just_being_made_is_found_by_what_ends_all_tokens(instance: Instance, ends: str) -> None:
    person = make_person(instance)
    make_person(instance, "other", admin=True)
    begun = Event()

    def end() -> None:
        with instance.work() as work:
            begun.set()
            if ends == "closed":
                closing.close(work, person.account_id)
            else:
                accounts.renew_credentials(work, person.account_id)
                service.revoke_all(work, person.account_id)

    other = Thread(target=end)
    with instance.work() as work:
        service.create(work, person.account_id, name="late", projects=None, expires_at=None)
        other.start()
        begun.wait()
    other.join()
    assert working(instance) == []


def test_a_closed_account_gets_no_token(instance: Instance) -> None:
    person = make_person(instance)
    make_person(instance, "other", admin=True)
    with instance.work() as work:
        closing.close(work, person.account_id)
    with instance.work() as work, pytest.raises(NotFound):
        service.create(work, person.account_id, name="late", projects=None, expires_at=None)


def test_a_token_of_a_closed_account_is_refused_whatever_its_own_state(instance: Instance) -> None:
    person = make_person(instance)
    make_person(instance, "other", admin=True)
    with instance.work() as work:
        secret = service.create(work, person.account_id, name="ci", projects=None, expires_at=None).secret
    with instance.work() as work:
        closing.close(work, person.account_id)
        for token in work.db.scalars(select(Token)):
            token.revoked_at = None
    with instance.work() as work, pytest.raises(TokenRefused) as refused:
        policy.authenticate(work, basic(secret))
    assert refused.value.code == "account-closed"


def test_a_session_that_was_ended_meanwhile_sees_no_token_and_signs_in_again(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_person(instance)
    sign_in(site, person)
    form = last_form(site.get("/manage/account/tokens/add/"))
    form["name"], form["scope"], form["expires"] = "late", "everything", "30"
    create = service.create

    def behind_an_end(work: Work, *given: Any, **more: Any) -> Any:
        others.end_all(work, person.account_id, but=None)
        # It was somebody else's transaction: what this one comes to takes nothing of it back.
        work.settle()
        return create(work, *given, **more)

    monkeypatch.setattr(service, "create", behind_an_end)
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 303
    page = answer.follow()
    assert page.html.h1.text == "Sign in"
    assert "this session was ended" in page.html.main.text
    assert last_form(page)["next"].value == "/manage/account/tokens/add/"
    assert working(instance) == []
