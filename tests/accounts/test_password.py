from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import new_password, passwords, service, tickets
from portal.accounts.errors import CredentialsChanged, TicketUsed
from portal.accounts.tickets import Purpose
from portal.kernel.work import Instance
from portal.tokens import service as tokens
from portal.tokens.models import Token
from tests.accounts.people import Happened
from tests.support.instances import Bed
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site

PAGE = "/manage/account/password/"
NEW = "eleven geese over a frozen pond"


def change(site: Site, *, page: str = PAGE, code: str = "", **fields: Any) -> Any:
    form = last_form(site.get(page))
    form["new_password"] = form["new_password_again"] = NEW
    form["confirm-password"] = PASSWORD
    if code:
        form["confirm-code"] = code
    for name, value in fields.items():
        form[name.replace("confirm_", "confirm-")] = value
    return form.submit(expect_errors=True)


def has_password(instance: Instance, person: Someone, text: str) -> bool:
    with instance.work() as work:
        stored = service.find(work, person.account_id).password_hash
        work.settle()
        return passwords.verify_password(work, stored, text)


def epoch(instance: Instance, person: Someone) -> int:
    with instance.work() as work:
        return service.find(work, person.account_id).epoch


def test_a_person_changes_the_password_and_the_title_says_so(
    instance: Instance, site: Site, happened: Happened
) -> None:
    person = make_person(instance)
    sign_in(site, person)
    answer = change(site)
    assert answer.status_int == 303
    assert "Password changed" in answer.follow().html.title.get_text()
    assert "password.changed" in happened.kinds
    assert has_password(instance, person, NEW)
    assert not has_password(instance, person, PASSWORD)
    assert epoch(instance, person) == 1


def test_the_page_asks_for_the_present_password_and_a_code_however_fresh_the_session(
    instance: Instance, site: Site, bed: Bed
) -> None:
    person = make_person(instance, authenticator=True)
    sign_in(site, person, code=person.code(bed.clock.at))
    bed.clock.advance(timedelta(minutes=1))
    for fields in ({"confirm_password": ""}, {"confirm_password": "a wrong one of good length"}, {"confirm_code": ""}):
        assert change(site, **fields).status_int == 422
    assert has_password(instance, person, PASSWORD)
    bed.clock.advance(timedelta(minutes=1))
    assert change(site, code=person.code(bed.clock.at)).status_int == 303
    assert has_password(instance, person, NEW)


def test_this_session_goes_on_under_a_new_secret_and_the_others_end(instance: Instance, bed: Bed) -> None:
    person = make_person(instance)
    here, elsewhere = Site(bed.application), Site(bed.application)
    sign_in(here, person)
    sign_in(elsewhere, person)
    before = here.cookies["session"]
    change(here)
    assert here.cookies["session"] != before
    assert here.get(PAGE).status_int == 200
    assert "/account/login/" in elsewhere.get(PAGE).headers["Location"]


def test_the_others_go_on_where_the_box_is_not_ticked(instance: Instance, bed: Bed) -> None:
    person = make_person(instance)
    here, elsewhere = Site(bed.application), Site(bed.application)
    sign_in(here, person)
    sign_in(elsewhere, person)
    change(here, end_sessions=False)
    assert elsewhere.get(PAGE).status_int == 200


def test_sessions_end_unless_the_person_says_otherwise_and_tokens_stay(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    form = last_form(site.get(PAGE))
    assert (form["end_sessions"].checked, form["revoke_tokens"].checked) == (True, False)


@pytest.mark.parametrize("ticked", [True, False])
def test_tokens_are_revoked_one_by_one_where_the_person_wants_it(
    instance: Instance, site: Site, happened: Happened, ticked: bool
) -> None:
    person, other = make_person(instance), make_person(instance, "bea")
    with instance.work() as work:
        for owner, name in ((person, "laptop"), (person, "server"), (other, "laptop")):
            tokens.create(work, owner.account_id, name=name, projects=None, expires_at=None)
    sign_in(site, person)
    change(site, revoke_tokens=ticked)
    assert happened.kinds.count("token.revoked") == (2 if ticked else 0)
    with instance.work() as work:
        live = set(work.db.scalars(select(Token.account_id).where(Token.revoked_at.is_(None))))
    assert live == ({other.account_id} if ticked else {person.account_id, other.account_id})


def test_in_limited_mode_the_handle_is_replaced_and_the_old_one_changes_nothing_more(
    instance: Instance, bed: Bed
) -> None:
    site = Site(bed.application, takes_cookies=False)
    person = make_person(instance)
    handle = sign_in_limited(site, person)
    answer = change(site, page=f"/~{handle}{PAGE}")
    assert answer.status_int == 303
    location = answer.headers["Location"]
    assert "/~" in location
    assert handle not in location
    assert site.get(location).status_int == 200
    bed.clock.advance(timedelta(minutes=1))
    assert site.get(f"/~{handle}{PAGE}", expect_errors=True).status_int == 404


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"new_password": ""}, "new_password", "Enter a new password."),
        ({"new_password": "too short", "new_password_again": "too short"}, "new_password", "at least 15 characters"),
        ({"new_password": "ada example org 1"}, "new_password", "Most of this password is your user name"),
        ({"new_password": "passwordpassword"}, "new_password", "Many people use this password"),
        ({"new_password_again": ""}, "new_password_again", "a second time"),
        ({"new_password_again": NEW + "s"}, "new_password_again", "The two new passwords differ."),
    ],
)
def test_why_a_password_is_not_taken_is_said_at_its_field(
    instance: Instance, site: Site, fields: dict[str, str], name: str, sentence: str
) -> None:
    person = make_person(instance)
    sign_in(site, person)
    answer = change(site, **fields)
    assert answer.status_int == 422
    assert sentence in answer.html.select_one(f"#{name}-error").get_text()
    assert has_password(instance, person, PASSWORD)


def test_password_managers_find_the_name_once_and_what_is_new(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    fields = site.get(PAGE).html.select("main form [autocomplete]")
    found = [(field["name"], field["autocomplete"]) for field in fields]
    assert found == [
        ("username", "username"),
        ("new_password", "new-password"),
        ("new_password_again", "new-password"),
        ("confirm-password", "current-password"),
    ]
    assert fields[0]["value"] == "ada"


def test_a_change_voids_links_that_would_reset_the_password(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    with instance.work() as work:
        text = tickets.issue(work, Purpose.RESET_PASSWORD, person.account_id, None, life=timedelta(hours=1))
    sign_in(site, person)
    change(site)
    with instance.work() as work, pytest.raises(TicketUsed):
        tickets.find(work, Purpose.RESET_PASSWORD, text)


def test_of_twenty_changes_that_read_the_same_password_one_wins(instance: Instance) -> None:
    person = make_person(instance)

    def attempt() -> None:
        with instance.work() as work:
            account = service.find(work, person.account_id)
            work.settle()
            hashed = passwords.hash_password(work, NEW)
            new_password.change(
                work, account, hashed, end_sessions=True, revoke_tokens=False, session_id=person.account_id
            )

    with instance.work() as work:
        seen = service.find(work, person.account_id)
    with instance.work() as work:
        new_password.replace(work, seen, "-")
    with instance.work() as work, pytest.raises(CredentialsChanged):
        new_password.replace(work, seen, "--")
    results = at_once(attempt, 20)
    assert all(result is None or isinstance(result, CredentialsChanged) for result in results)
    assert epoch(instance, person) == 1 + results.count(None)


def test_a_stranger_is_sent_to_sign_in(instance: Instance, site: Site) -> None:
    assert "/account/login/" in site.get(PAGE).headers["Location"]
