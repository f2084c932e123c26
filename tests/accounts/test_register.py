from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Account, Address
from portal.kernel.work import Instance, Work
from tests.accounts.people import PASSWORD, Happened, People
from tests.support.instances import Bed
from tests.support.people import last_form
from tests.support.races import at_once
from tests.support.site import Site

PAGE = "/account/register/"
VARYING = re.compile(r'name="_token" value="[^"]*"')


def send(site: Site, username: str = "ann", email: str = "ann@example.org", password: str = PASSWORD) -> Any:
    form = last_form(site.get(PAGE))
    form["username"], form["email"], form["password"] = username, email, password
    return form.submit(expect_errors=True)


def count(work: Work) -> int | None:
    return work.db.scalar(select(func.count()).select_from(Account))


def test_a_person_registers_and_is_told_to_check_the_mail(
    ready: Instance, site: Site, happened: Happened, work: Work
) -> None:
    answer = send(site)
    assert answer.status_int == 303
    assert answer.headers["Location"] == "http://localhost/account/registered/"
    assert happened.kinds == ["account.registered"]
    assert [row.email for row in work.db.scalars(select(Address))] == ["ann@example.org"]


def test_registering_works_where_cookies_are_blocked_and_sets_none(ready: Instance, bed: Bed, work: Work) -> None:
    answer = send(Site(bed.application, takes_cookies=False))
    assert answer.status_int == 303
    assert "Set-Cookie" not in answer.headers
    assert count(work) == 1


def test_a_known_address_gets_the_same_answer_to_the_byte(people: People, site: Site, happened: Happened) -> None:
    people.confirmed("ann", "ann@example.org")
    unknown, known = send(site, "bea", "bea@example.org"), send(site, "cat", "ann@example.org")
    assert happened[-1].already_registered  # type: ignore[attr-defined]
    assert (known.status, known.headerlist, known.body) == (unknown.status, unknown.headerlist, unknown.body)


def test_a_refused_form_says_nothing_about_the_address_either(people: People, site: Site) -> None:
    people.confirmed("ann", "ann@example.org")
    unknown, known = send(site, "cat", "bea@example.org", "short"), send(site, "cat", "ann@example.org", "short")
    assert (unknown.status_int, known.status_int) == (422, 422)
    assert VARYING.sub("", known.text) == VARYING.sub("", unknown.text).replace("bea@example.org", "ann@example.org")


def test_the_password_is_hashed_for_a_known_address_too(
    people: People, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.confirmed("ann", "ann@example.org")
    hashed = []
    monkeypatch.setattr(
        "portal.accounts.views.register.passwords.hash_password", lambda _work, text: hashed.append(text) or "hash"
    )
    send(site, "bea", "ann@example.org")
    assert hashed == [PASSWORD]


@pytest.mark.parametrize("username", ["ann.lee", "ANN-LEE", "AnnI.ee", "root", "r00t"])
def test_a_taken_or_reserved_name_is_told_and_the_form_comes_back_filled_in(
    people: People, site: Site, username: str
) -> None:
    people.register("Ann.Lee")
    answer = send(site, username, "other@example.org")
    form = last_form(answer)
    assert answer.status_int == 422
    assert "This user name is taken," in answer.text
    assert (form["username"].value, form["email"].value, form["password"].value) == (username, "other@example.org", "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": ""}, "Enter a user name."),
        ({"username": "ann lee"}, "Begin and end with a letter or a digit."),
        ({"username": "x" * 51}, "use at most 50 characters"),
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "ann"}, "Enter an e-mail address like"),
        ({"email": "x" * 245 + "@example.org"}, "use at most 254 characters"),
        ({"email": "ann@example.org\u202e"}, "characters that can’t be seen"),
        ({"password": ""}, "Enter a password."),
        ({"password": "too short"}, "Use at least 15 characters."),
        ({"password": "passwordpassword"}, "Many people use this password"),
        ({"password": "ann example org 1"}, "Most of this password is your user name"),
        ({"password": "x y" * 400}, "This password is too long."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(
    ready: Instance, site: Site, work: Work, fields: dict[str, str], sentence: str
) -> None:
    answer = send(site, **fields)
    assert answer.status_int == 422
    [name] = fields
    assert sentence in answer.html.select_one(f"#{name}-error").get_text()
    assert answer.html.select_one(f'.summary a[href="#{name}"]') is not None
    assert answer.html.title.get_text().strip().startswith("Error:")
    assert count(work) == 0


def test_a_password_is_never_shown_again(ready: Instance, site: Site) -> None:
    assert PASSWORD not in send(site, username="").text


def test_the_fields_are_what_password_managers_look_for(ready: Instance, site: Site) -> None:
    found = {field["name"]: field["autocomplete"] for field in site.get(PAGE).html.select("[autocomplete]")}
    assert found == {"username": "username", "email": "email", "password": "new-password"}


def test_before_there_is_an_administrator_nobody_registers(instance: Instance, site: Site, work: Work) -> None:
    assert "no administrator yet" in site.get(PAGE, status=503).text
    assert count(work) == 0


@pytest.mark.parametrize(
    ("registration", "sentence"),
    [("closed", "This index takes no new accounts"), ("invite", "you need an invitation to register")],
)
def test_where_nobody_registers_freely_the_page_says_so_and_takes_no_form(
    ready: Instance, bed: Bed, work: Work, registration: str, sentence: str
) -> None:
    token = last_form(Site(bed.application).get(PAGE))["_token"].value
    site = Site(bed.assemble(registration=registration))
    assert sentence in site.get(PAGE, status=403).text
    fields = {"_token": token, "username": "ann", "email": "ann@example.org", "password": PASSWORD}
    assert sentence in site.post(PAGE, fields, status=403).text
    assert count(work) == 0


def test_one_network_makes_fifty_accounts_an_hour_and_another_is_not_held_up(ready: Instance, bed: Bed) -> None:
    site = Site(bed.application)
    assert {send(site, f"ann{number}").status_int for number in range(50)} == {303}
    refused = send(site, "one-more")
    assert refused.status_int == 429
    assert refused.headers["Retry-After"] == "3600"
    assert send(Site(bed.application, REMOTE_ADDR="198.51.100.9"), "bea").status_int == 303
    bed.clock.advance(timedelta(hours=1))
    assert send(site, "one-more").status_int == 303


def test_of_fifty_who_send_the_same_name_at_once_one_gets_it_and_the_others_are_told(
    ready: Instance, bed: Bed, work: Work
) -> None:
    application = bed.assemble(throttle_free=1000)
    token = last_form(Site(application).get(PAGE))["_token"].value
    fields = {"_token": token, "username": "ann", "email": "ann@example.org", "password": PASSWORD}
    answers = at_once(lambda: Site(application).post(PAGE, fields, expect_errors=True))
    application.instance.database.close()
    assert sorted(answer.status_int for answer in answers) == [303] + [422] * 49
    assert count(work) == 1
