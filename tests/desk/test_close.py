"""Closing the account."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts import leaving
from portal.accounts.models import Account
from portal.app.schema import all_tables
from portal.desk.closing import service
from portal.desk.closing.errors import SoleOwner
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.models import Role
from portal.signin import others
from portal.tokens import policy
from portal.tokens import service as tokens
from portal.tokens.errors import TokenRefused
from tests.desk.closing import CLOSE, close, kinds, own, send_confirmed, subjects
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import NOON
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site

__all__ = ["postbox"]


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an authenticator app."""
    return make_person(instance, authenticator=True)


def test_the_page_asks_for_password_and_code(instance: Instance, site: Site, person: Someone) -> None:
    sign_in(site, person, code=person.code(NOON))
    form = last_form(site.get(CLOSE))
    form["confirm-password"] = person.password
    assert form.submit(expect_errors=True).status_int == 422
    assert "account.closed" not in kinds(instance, person.account_id)


def test_closing_ends_sessions_and_tokens_at_once_and_writes_a_letter(
    instance: Instance, site: Site, postbox: Postbox, person: Someone
) -> None:
    with instance.work() as work:
        secret = tokens.create(work, person.account_id, name="laptop", projects=None, expires_at=None).secret
    other = Site(site.application)
    sign_in(other, person, code=person.code(NOON, steps=-1))
    answer = close(site, person, instance)
    assert (answer.status_int, answer.headers["Location"]) == (303, "http://localhost/account/closed/")
    assert answer.follow().html.h1.text == "Your account is closed"
    for browser in (site, other):
        assert browser.get("/manage/account/").headers["Location"].startswith("http://localhost/account/login/")
    with instance.work() as work:
        assert others.live_sessions(work, person.account_id) == []
        work.settle()
        with pytest.raises(TokenRefused, match="account-closed"):
            policy.authenticate(work, f"token {secret}")
    assert ("ada@example.org", "Your account is closed") in subjects(instance, postbox)
    [letter] = [message for message in postbox.messages if message["Subject"] == "Your account is closed"]
    assert "15 June 2026" in " ".join(letter.get_content().split())
    assert "account.closed" in kinds(instance, person.account_id)


def test_without_cookies_it_works_as_well(instance: Instance, bed: Bed, person: Someone) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, person, code=person.code(NOON))
    answer = send_confirmed(site.get(f"/~{handle}{CLOSE}"), person, person.code(NOON, steps=1))
    assert answer.headers["Location"] == "http://localhost/account/closed/"
    assert site.get(f"/~{handle}/manage/account/", expect_errors=True).status_int == 404


def test_the_page_lists_what_becomes_of_the_projects(instance: Instance, site: Site, person: Someone) -> None:
    own(instance, "Shared", person, make_person(instance, "grace"))
    sign_in(site, person, code=person.code(NOON))
    page = site.get(CLOSE)
    assert page.html.select_one('main a[href="/manage/project/shared/"]').text == "Shared"
    assert "These projects and their files stay" in page.text


def test_the_only_owner_of_a_project_is_refused_and_led_to_it(instance: Instance, site: Site, person: Someone) -> None:
    own(instance, "Alone", person)
    sign_in(site, person, code=person.code(NOON))
    page = site.get(CLOSE)
    assert page.html.select_one('main a[href="/manage/project/alone/collaborators/"]').text == "Who works on Alone"
    assert "Close my account" not in page.text


def test_whoever_became_the_only_owner_meanwhile_is_refused_too(
    instance: Instance, site: Site, person: Someone
) -> None:
    sign_in(site, person, code=person.code(NOON))
    page = site.get(CLOSE)
    own(instance, "Alone", person)
    answer = send_confirmed(page, person, person.code(NOON, steps=1))
    assert answer.status_int == 409
    assert "nobody else owns these projects" in answer.text
    assert not closing(instance, person)


def closing(instance: Instance, person: Someone) -> bool:
    with instance.work() as work:
        return leaving.is_closing(work, person.account_id)


def test_an_owner_who_has_closed_their_account_does_not_count(instance: Instance, person: Someone) -> None:
    grace = make_person(instance, "grace")
    own(instance, "Shared", person, grace)
    with instance.work() as work:
        service.close(work, grace.account_id)
    with instance.work() as work, pytest.raises(SoleOwner):
        service.close(work, person.account_id)


def test_of_two_owners_who_leave_at_the_same_instant_one_stays(instance: Instance, person: Someone) -> None:
    people = [person, make_person(instance, "grace")]
    own(instance, "Shared", *people)
    waiting = list(people)

    def leave() -> Any:
        with instance.work() as work:
            return service.close(work, waiting.pop().account_id)

    outcomes = at_once(leave, 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SoleOwner", "datetime"]


def test_the_last_administrator_stays(instance: Instance, site: Site) -> None:
    admin = make_person(instance, "root", admin=True)
    sign_in(site, admin)
    assert "you are the only administrator" in site.get(CLOSE).text
    assert site.get(CLOSE).html.main.find("code").text == "doorward user make-admin"
    make_person(instance, "second", admin=True)
    assert "you are the only administrator" not in site.get(CLOSE).text


def test_of_two_administrators_who_leave_at_the_same_instant_one_stays(instance: Instance) -> None:
    waiting = [make_person(instance, name, admin=True) for name in ("root", "second")]

    def leave() -> Any:
        with instance.work() as work:
            return service.close(work, waiting.pop().account_id)

    outcomes = at_once(leave, 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LastAdministrator", "datetime"]


def test_passwords_of_a_closed_account_upload_nothing(bed: Bed) -> None:
    lax = bed.assemble(upload_policy="password-or-token").instance
    person = make_person(lax)
    with lax.work() as work:
        service.close(work, person.account_id)
    with lax.work() as work, pytest.raises(TokenRefused) as refused:
        policy._with_password(work, "ada", person.password)
    assert refused.value.code == "account-closed"


def test_before_the_end_nothing_is_deleted(instance: Instance, person: Someone) -> None:
    with instance.work() as work:
        service.close(work, person.account_id)
    instance.clock.advance(leaving.GRACE - timedelta(seconds=1))  # type: ignore[attr-defined]
    assert service.end_all_due(instance) == 0


@pytest.fixture
def ended(instance: Instance, person: Someone, postbox: Postbox) -> Someone:
    """The person, after the end of the account."""
    own(instance, "Shared", person, make_person(instance, "grace"))
    with instance.work() as work:
        service.close(work, person.account_id)
    instance.clock.advance(leaving.GRACE)  # type: ignore[attr-defined]
    assert service.end_all_due(instance) == 1
    assert service.end_all_due(instance) == 0
    return person


def test_after_the_end_nothing_is_left_but_the_name(instance: Instance, ended: Someone) -> None:
    # The body of a letter is deleted when it is sent.
    assert remains(instance, ended) == {"events", "letters"}
    with instance.work() as work:
        row = work.db.get_one(Account, ended.account_id)
        assert (row.username, row.password_hash, row.locale, row.is_admin) == ("ada", None, None, False)
        assert row.emptied_at == work.now
        assert [role.account_id for role in work.db.scalars(select(Role))] != []
        assert projects.owned(work, ended.account_id) == []


def remains(instance: Instance, person: Someone) -> set[str]:
    """The tables that hold a row of this account; of events only those that tell of a place."""
    found = set()
    with instance.work() as work:
        for table in all_tables().sorted_tables:
            for column in ("account_id", "actor_id"):
                if (
                    column in table.c
                    and work.db.execute(select(table).where(table.c[column] == person.account_id)).first()
                ):
                    found.add(table.name)
        entries = all_tables().tables["events"]
        places = select(entries).where(entries.c.account_id == person.account_id, entries.c.browser != "")
        assert work.db.execute(places).first() is None
    return found


def test_the_last_letter_goes_out_although_the_address_is_deleted(
    instance: Instance, postbox: Postbox, ended: Someone
) -> None:
    assert [subject for to, subject in subjects(instance, postbox) if to == ended.email] == [
        "Your account is closed",
        "Your account no longer exists",
    ]


def test_after_the_end_nobody_signs_in_and_nobody_gets_the_name(site: Site, ended: Someone) -> None:
    assert sign_in(site, ended).status_int == 422
    form = last_form(site.get("/account/register/"))
    form["username"], form["email"], form["password"] = "Ada", "new@example.org", ended.password
    assert "This user name is taken" in form.submit(expect_errors=True).text
    assert site.get("/user/ada/", expect_errors=True).status_int == 404


def test_the_address_is_free_for_somebody_else(instance: Instance, ended: Someone) -> None:
    with instance.work() as work:
        assert work.db.get_one(Account, ended.account_id).username == "ada"
    assert make_person(instance, "lovelace").email != ended.email


def test_whoever_is_the_only_owner_at_the_end_is_not_deleted(
    instance: Instance, postbox: Postbox, person: Someone
) -> None:
    grace = make_person(instance, "grace")
    own(instance, "Shared", person, grace)
    with instance.work() as work:
        service.close(work, person.account_id)
    with instance.work() as work:
        work.db.delete(work.db.scalars(select(Role).where(Role.account_id == grace.account_id)).one())
    instance.clock.advance(leaving.GRACE)  # type: ignore[attr-defined]
    assert service.end_all_due(instance) == 0
    assert not closing(instance, person)
    assert kinds(instance, person.account_id)[-1] == "account.closing_called_off"
    assert subjects(instance, postbox)[-1] == ("ada@example.org", "Your account was not closed")


def test_one_account_that_can_t_be_ended_keeps_the_others_waiting_not(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = make_person(instance, "broken"), make_person(instance, "whole")
    for one in (broken, whole):
        with instance.work() as work:
            service.close(work, one.account_id)
        instance.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    instance.clock.advance(leaving.GRACE)  # type: ignore[attr-defined]
    empty = leaving.empty

    def stumble(work: Work, account_id: UUID) -> None:
        if account_id == broken.account_id:
            raise RuntimeError
        empty(work, account_id)

    monkeypatch.setattr(leaving, "empty", stumble)
    with caplog.at_level(logging.ERROR, "doorward.closing"):
        assert service.end_all_due(instance) == 1
    assert "could not be ended: RuntimeError" in caplog.text
    assert (closing(instance, broken), closing(instance, whole)) == (True, False)
    monkeypatch.undo()
    assert service.end_all_due(instance) == 1
