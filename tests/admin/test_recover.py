"""An administrator starts or approves the recovery of an account."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kernel.work import Instance
from tests.desk.closing import kinds, send_confirmed
from tests.desk.recovering import start, state
from tests.support.clock import NOON
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site


@pytest.fixture
def admin(instance: Instance) -> Someone:
    """An administrator with an authenticator app."""
    return make_person(instance, "root", admin=True, authenticator=True)


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody who has lost the authenticator app."""
    return make_person(instance, authenticator=True)


def page_of(site: Site, person: Someone) -> Any:
    return site.get(f"/admin/users/{person.username}/recover/")


def test_starting_asks_for_password_and_code(instance: Instance, site: Site, admin: Someone, person: Someone) -> None:
    sign_in(site, admin, code=admin.code(NOON))
    assert send_confirmed(page_of(site, person), admin).status_int == 422
    assert state(instance, person) is None
    answer = send_confirmed(page_of(site, person), admin, admin.code(NOON, steps=1))
    assert answer.status_int == 303
    page = answer.follow()
    assert "Recovery of the account ada started" in page.html.title.text
    assert "Its owner can cancel it" in page.text
    assert "Start the recovery" not in page.text
    assert state(instance, person) == "waiting"
    assert kinds(instance, person.account_id) == ["recovery.started"]
    assert "recovery.started_for_other" in kinds(instance, admin.account_id)


def test_the_person_does_not_learn_where_the_administrator_sits(
    instance: Instance, site: Site, admin: Someone, person: Someone
) -> None:
    sign_in(site, admin, code=admin.code(NOON))
    send_confirmed(page_of(site, person), admin, admin.code(NOON, steps=1))
    own = Site(site.application, REMOTE_ADDR="198.51.100.9")
    sign_in(own, person, code=person.code(NOON))
    history = own.get("/manage/account/history/").text
    assert "started by the people who run this index" in history
    assert "192.0.2.7" not in history


@pytest.mark.parametrize("path", ["/admin/users/root/recover/", "/admin/users/grace/recover/"])
def test_what_can_t_be_recovered_has_no_button_and_says_why(
    instance: Instance, site: Site, admin: Someone, path: str
) -> None:
    make_person(instance, "grace")
    sign_in(site, admin, code=admin.code(NOON))
    page = site.get(path)
    assert page.html.select_one("main .warning") is not None
    assert page.html.select_one("main form") is None


def test_a_page_that_is_out_of_date_starts_nothing(
    instance: Instance, site: Site, admin: Someone, person: Someone
) -> None:
    sign_in(site, admin, code=admin.code(NOON))
    page = page_of(site, person)
    start(instance, person)
    answer = send_confirmed(page, admin, admin.code(NOON, steps=1))
    assert answer.status_int == 409
    assert "under way already" in answer.text
    assert kinds(instance, admin.account_id)[-1] == "recovery.refused_for_other"


def test_a_second_administrator_approves_the_recovery_of_an_administrator(
    instance: Instance, site: Site, admin: Someone
) -> None:
    lost = make_person(instance, "lost", admin=True, authenticator=True)
    second = make_person(instance, "second", admin=True, authenticator=True)
    sign_in(site, admin, code=admin.code(NOON))
    page = send_confirmed(page_of(site, lost), admin, admin.code(NOON, steps=1)).follow()
    assert "Recovery of the account lost asked for" in page.html.title.text
    assert "somebody else has to approve" in page.text
    assert "doorward user recover lost" in page.html.main.text
    assert kinds(instance, admin.account_id)[-1] == "recovery.asked_for_other"
    assert page.html.select_one("main form") is None
    assert state(instance, lost) == "asked"
    other = Site(site.application)
    sign_in(other, second, code=second.code(NOON))
    page = page_of(other, lost)
    assert "Approve the recovery" in page.text
    assert send_confirmed(page, second, second.code(NOON, steps=1)).status_int == 303
    assert state(instance, lost) == "waiting"
    assert kinds(instance, lost.account_id) == ["recovery.asked", "recovery.started"]
    assert "recovery.approved_for_other" in kinds(instance, second.account_id)


def test_where_nobody_could_approve_there_is_no_button_but_the_way_out(
    instance: Instance, site: Site, admin: Someone
) -> None:
    lost = make_person(instance, "lost", admin=True, authenticator=True)
    sign_in(site, admin, code=admin.code(NOON))
    page = page_of(site, lost)
    assert "doorward user recover" in page.html.select_one("main .warning").text
    assert page.html.select_one("main form") is None


def test_for_others_and_for_unknown_names_there_is_no_such_page(
    instance: Instance, site: Site, admin: Someone, person: Someone
) -> None:
    sign_in(site, make_person(instance, "grace"))
    assert site.get("/admin/users/ada/recover/", expect_errors=True).status_int == 404
    other = Site(site.application)
    sign_in(other, admin, code=admin.code(NOON))
    assert other.get("/admin/users/nobody/recover/", expect_errors=True).status_int == 404
