from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import addresses, new_password, passwords, resets, service
from portal.accounts.events import ResetRequested
from portal.kernel.work import Instance
from portal.tokens import service as tokens
from tests.accounts.people import Happened
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site

NEW = "eleven geese over a frozen pond"


def page_of(text: str) -> str:
    return f"/account/reset-password/{text}/"


def send(site: Site, text: str, **fields: Any) -> Any:
    form = last_form(site.get(page_of(text)))
    form["new_password"] = form["new_password_again"] = NEW
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def has_password(instance: Instance, text: str) -> bool:
    with instance.work() as work:
        account = service.by_username_or_none(work, "ada")
        assert account is not None
        work.settle()
        return passwords.verify_password(work, account.password_hash, text)


def letter(instance: Instance, happened: Happened) -> str:
    """The secret of a new letter to ada."""
    with instance.work() as work:
        resets.ask(work, "ada")
    resets.answer_all(instance)
    return [event for event in happened if isinstance(event, ResetRequested)][-1].ticket


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """Somebody with an authenticator app."""
    return make_person(instance, authenticator=True)


@pytest.fixture
def link(instance: Instance, ada: Someone, happened: Happened) -> str:
    """The secret of a letter to ada."""
    return letter(instance, happened)


def test_opening_the_link_names_the_account_and_changes_nothing(instance: Instance, site: Site, link: str) -> None:
    for _time in range(3):
        page = site.get(page_of(link))
    assert page.html.select_one("input[name=username]")["value"] == "ada"
    assert has_password(instance, PASSWORD)


def test_a_new_password_replaces_the_old_and_signs_nobody_in(
    instance: Instance, site: Site, link: str, happened: Happened
) -> None:
    answer = send(site, link)
    assert answer.headers["Location"] == "http://localhost/account/reset-password/done/"
    assert has_password(instance, NEW)
    assert happened.kinds[-1] == "password.reset"
    assert site.get("/manage/account/").status_int == 303


def test_the_second_factor_is_asked_for_as_before(site: Site, ada: Someone, link: str) -> None:
    send(site, link)
    asked = sign_in(site, ada, password=NEW)
    assert "Enter your code" in asked.html.title.get_text()
    assert site.get("/manage/account/").status_int == 303


def test_the_link_works_in_a_browser_that_takes_no_cookies(instance: Instance, bed: Bed, link: str) -> None:
    assert send(Site(bed.application, takes_cookies=False), link).status_int == 303
    assert has_password(instance, NEW)


def test_every_session_ends_the_one_in_this_browser_too(
    bed: Bed, ada: Someone, happened: Happened, instance: Instance
) -> None:
    here, elsewhere = Site(bed.application), Site(bed.application)
    sign_in(here, ada, code=ada.code(bed.clock.at))
    sign_in(elsewhere, ada, code=ada.code(bed.clock.at, steps=1))
    assert here.get("/manage/account/").status_int == 200
    send(here, letter(instance, happened))
    for site in (here, elsewhere):
        assert "/account/login/" in site.get("/manage/account/").headers["Location"]


@pytest.mark.parametrize("ticked", [True, False])
def test_tokens_are_revoked_where_the_person_wants_it(
    site: Site, ada: Someone, link: str, happened: Happened, ticked: bool
) -> None:
    with site.application.instance.work() as work:
        tokens.create(work, ada.account_id, name="laptop", projects=None, expires_at=None)
    send(site, link, revoke_tokens=ticked)
    assert ("token.revoked" in happened.kinds) is ticked


def test_addresses_that_were_never_confirmed_are_dropped(
    instance: Instance, site: Site, ada: Someone, link: str
) -> None:
    with instance.work() as work:
        addresses.add(work, ada.account_id, "mallory@example.org")
    send(site, link)
    with instance.work() as work:
        assert [row.email for row in service.addresses(work, ada.account_id)] == ["ada@example.org"]


def test_waits_after_many_wrong_passwords_are_over(site: Site, ada: Someone, link: str) -> None:
    for _guess in range(10):
        sign_in(site, ada, password="a wrong one of good length")
    assert sign_in(site, ada).status_int == 429
    send(site, link)
    assert sign_in(site, ada, password=NEW).status_int == 200


def test_a_used_link_says_so_and_how_to_get_another(site: Site, link: str) -> None:
    send(site, link)
    page = site.get(page_of(link), status=410)
    assert page.html.h1.text == "This link was used already"
    assert "It was for choosing a new password, and one was chosen with it." in page.text
    assert page.click("Ask for a new letter").request.path == "/account/reset-password/"


def test_a_link_works_for_an_hour(instance: Instance, site: Site, link: str, clock: FixedClock) -> None:
    form = last_form(site.get(page_of(link)))
    clock.advance(timedelta(hours=1))
    form["new_password"] = form["new_password_again"] = NEW
    for page in (site.get(page_of(link), status=410), form.submit(status=410)):
        assert page.html.h1.text == "This link has expired"
        assert "It was for choosing a new password, and it worked for one hour." in page.text
        assert page.click("Ask for a new letter").request.path == "/account/reset-password/"
    assert has_password(instance, PASSWORD)


def test_a_link_dies_when_its_person_signs_in(site: Site, ada: Someone, link: str, bed: Bed) -> None:
    sign_in(site, ada)
    assert site.get(page_of(link)).status_int == 200
    sign_in(site, ada, code=ada.code(bed.clock.at))
    page = site.get(page_of(link), status=410)
    assert "Somebody has signed in with the old one after we had sent it." in page.text


def test_a_link_dies_when_the_password_is_changed_and_says_so(instance: Instance, site: Site, link: str) -> None:
    with instance.work() as work:
        account = service.by_login(work, "ada")
        assert account is not None
        new_password.change(work, account, "x", end_sessions=False, revoke_tokens=False, session_id=None)
    page = site.get(page_of(link), status=410)
    assert page.html.h1.text == "This link no longer works"
    assert "The password was changed in another way" in page.text


def test_all_links_die_when_one_was_used(instance: Instance, site: Site, link: str, happened: Happened) -> None:
    second = letter(instance, happened)
    send(site, link)
    assert site.get(page_of(second), status=410)


@pytest.mark.parametrize("text", ["x", "x" * 43, "x" * 3000])
def test_an_unknown_link_is_not_found(site: Site, text: str) -> None:
    assert site.get(page_of(text), status=404)


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({"new_password": "short", "new_password_again": "short"}, "new_password", "at least 15 characters"),
        ({"new_password": "ada example org 1"}, "new_password", "your user name, your e-mail address"),
        ({"new_password_again": ""}, "new_password_again", "a second time"),
    ],
)
def test_why_a_password_is_not_taken_is_said_and_the_link_goes_on_working(
    site: Site, link: str, fields: dict[str, str], name: str, sentence: str
) -> None:
    answer = send(site, link, **fields)
    assert answer.status_int == 422
    assert sentence in answer.html.select_one(f"#{name}-error").get_text()
    assert send(site, link).status_int == 303


def test_of_twenty_who_press_the_button_at_once_one_wins(bed: Bed, link: str, happened: Happened) -> None:
    form = last_form(Site(bed.application).get(page_of(link)))
    fields = {"_token": form["_token"].value, "username": "ada", "new_password": NEW, "new_password_again": NEW}
    answers = at_once(lambda: Site(bed.application).post(page_of(link), fields, expect_errors=True), 20)
    assert sorted(answer.status_int for answer in answers) == [303] + [410] * 19
    assert happened.kinds.count("password.reset") == 1
