"""A session that was ended somewhere else: its browser is told, and led back after signing in."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.signin import others
from tests.support.instances import Bed
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/manage/account/language/"
BACK = "http://localhost/account/login/?next=%2Fmanage%2Faccount%2Flanguage%2F&ended=1"
TOLD = "You were signed out, because this session was ended. If you sent a form just now, nothing was done with it."


@pytest.mark.parametrize("limited", [False, True])
def test_whoever_then_sends_a_form_is_told_that_nothing_was_done(instance: Instance, bed: Bed, limited: bool) -> None:
    person = make_person(instance)
    site = Site(bed.application, takes_cookies=not limited)
    page = f"/~{sign_in_limited(site, person)}{PAGE}" if limited else PAGE
    if not limited:
        sign_in(site, person)
    form = last_form(site.get(page))
    with instance.work() as work:
        others.end_all(work, person.account_id)
    answer = form.submit(expect_errors=True)
    assert answer.headers["Location"] == BACK
    told = " ".join(answer.follow().html.main.get_text().split())
    assert TOLD in told
    assert "too much time" not in told
    assert "kept when your session times out" in told


def test_whoever_then_opens_a_page_is_told_and_led_back(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    sign_in(site, person)
    with instance.work() as work:
        others.end_all(work, person.account_id)
    asked = site.get(PAGE)
    assert asked.headers["Location"] == BACK
    form = last_form(asked.follow())
    form["username"], form["password"] = person.username, person.password
    assert form.submit().headers["Location"] == f"http://localhost{PAGE}"


def test_whoever_has_neither_phone_nor_recovery_code_is_led_to_who_helps(instance: Instance, site: Site) -> None:
    asked = sign_in(site, make_person(instance, authenticator=True))
    link = asked.html.find("a", string="I have neither my phone nor a recovery code")
    path, _hash, name = link["href"].partition("#")
    assert "Write to the people who run this index." in site.get(path).html.find(id=name).find_next("p").get_text()
