from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import first_admin
from portal.accounts.models import Account
from portal.kernel.work import Instance, Work
from tests.accounts.people import PASSWORD, Happened
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.people import last_form
from tests.support.races import at_once
from tests.support.site import Site


def page_of(text: str) -> str:
    return f"/account/first-administrator/{text}/"


def send(site: Site, text: str, username: str = "ann") -> Any:
    form = last_form(site.get(page_of(text)))
    form["username"], form["email"], form["password"] = username, "ann@example.org", PASSWORD
    return form.submit(expect_errors=True)


@pytest.fixture
def link(instance: Instance) -> str:
    """The secret that a new server gives out."""
    with instance.work() as work:
        text = first_admin.issue(work)
    assert text is not None
    return text


def test_the_link_makes_the_administrator_who_then_checks_the_mail_like_anybody(
    instance: Instance, site: Site, link: str, happened: Happened, work: Work
) -> None:
    answer = send(site, link)
    assert answer.headers["Location"] == "http://localhost/account/registered/"
    [account] = work.db.scalars(select(Account))
    assert (account.username, account.is_admin) == ("ann", True)
    assert happened.kinds == ["account.first_administrator"]
    assert site.get("/account/login/").status_int == 200
    assert site.get("/manage/account/").status_int == 303


def test_then_others_can_register(instance: Instance, site: Site, link: str) -> None:
    assert site.get("/account/register/", status=503)
    send(site, link)
    assert site.get("/account/register/", status=200)


def test_opening_the_link_uses_nothing_up(instance: Instance, site: Site, link: str) -> None:
    for _time in range(3):
        assert site.get(page_of(link)).status_int == 200


def test_a_refused_form_leaves_the_link_working(instance: Instance, site: Site, link: str, work: Work) -> None:
    assert send(site, link, username="root").status_int == 422
    assert work.db.scalars(select(Account)).all() == []
    work.settle()
    assert send(site, link).status_int == 303


def test_a_used_link_says_so(instance: Instance, site: Site, link: str) -> None:
    send(site, link)
    page = site.get(page_of(link), status=410)
    assert page.html.h1.text == "This link was used already"
    assert "It was for making the first administrator, and this index has one." in page.text


def test_an_expired_link_says_to_start_the_server_again(
    instance: Instance, site: Site, link: str, clock: FixedClock
) -> None:
    clock.advance(timedelta(hours=1))
    page = site.get(page_of(link), status=410)
    assert page.html.h1.text == "This link has expired"
    assert "start it again" in page.text


@pytest.mark.parametrize("text", ["x", "x" * 43])
def test_an_unknown_link_is_not_found(instance: Instance, site: Site, link: str, text: str) -> None:
    assert site.get(page_of(text), status=404)


def test_of_fifty_who_send_the_form_at_once_one_becomes_administrator(
    instance: Instance, bed: Bed, link: str, work: Work
) -> None:
    token = last_form(Site(bed.application).get(page_of(link)))["_token"].value
    numbers = iter(range(50))

    def post() -> Any:
        fields = {"_token": token, "username": f"ann{next(numbers)}", "email": "a@example.org", "password": PASSWORD}
        return Site(bed.application).post(page_of(link), fields, expect_errors=True)

    answers = at_once(post)
    assert sorted(answer.status_int for answer in answers) == [303] + [410] * 49
    assert len(work.db.scalars(select(Account)).all()) == 1
