"""A closed account opens one page, on which its person keeps it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import leaving
from portal.desk.closing import service
from portal.kernel.errors import AlreadyUsed
from portal.kernel.work import Instance
from tests.desk.closing import KEEP, kinds, send_confirmed, subjects
from tests.notices.conftest import Postbox, postbox
from tests.structure.mirror import views
from tests.support.clock import NOON
from tests.support.instances import Bed
from tests.support.people import Someone, make_person, sign_in, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site

__all__ = ["postbox"]

OPEN = {"desk.keep", "signin.confirm", "signin.logout"}


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an authenticator app who has closed their account."""
    made = make_person(instance, authenticator=True)
    with instance.work() as work:
        service.close(work, made.account_id)
    return made


@pytest.mark.parametrize("limited", [False, True], ids=["cookies", "limited"])
def test_every_page_leads_to_the_one_that_keeps_the_account(bed: Bed, person: Someone, limited: bool) -> None:
    site, start = Site(bed.application, takes_cookies=not limited), ""
    if limited:
        start = "/~" + sign_in_limited(site, person, code=person.code(NOON))
    else:
        sign_in(site, person, code=person.code(NOON))
    for path in ("/manage/account/", "/manage/account/tokens/add/", "/manage/account/emails/", "/manage/projects/"):
        assert site.get(start + path).headers["Location"].endswith(start + KEEP)
    assert site.get(start + KEEP).html.h1.text == "Keep your account?"


def test_only_these_pages_are_open(bed: Bed) -> None:
    registry: Any = bed.application.wsgi.registry
    assert {route for route, view in views(registry).items() if view.get("while_closing")} == OPEN


def test_keeping_asks_for_password_and_code_and_opens_everything_again(
    instance: Instance, site: Site, postbox: Postbox, person: Someone
) -> None:
    sign_in(site, person, code=person.code(NOON))
    page = site.get(KEEP)
    assert send_confirmed(page, person).status_int == 422
    answer = send_confirmed(site.get(KEEP), person, person.code(NOON, steps=1))
    assert (answer.status_int, answer.headers["Location"]) == (303, "http://localhost/manage/account/")
    assert "Your account is kept" in answer.follow().html.title.text
    assert kinds(instance, person.account_id)[-1] == "account.kept"
    assert ("ada@example.org", "Your account is kept") in subjects(instance, postbox)
    instance.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]
    assert service.end_all_due(instance) == 0


def test_signing_out_is_possible_without_keeping(instance: Instance, site: Site, person: Someone) -> None:
    sign_in(site, person, code=person.code(NOON))
    form = next(form for form in site.get(KEEP).forms.values() if form.action == "/account/logout/")
    assert form.submit().headers["Location"] == "http://localhost/account/signed-out/"
    with instance.work() as work:
        assert leaving.is_closing(work, person.account_id)


def test_an_account_that_is_not_closed_has_nothing_to_keep(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, "grace"))
    assert site.get(KEEP).headers["Location"] == "http://localhost/manage/account/"


def test_of_keeping_and_ending_at_the_same_instant_one_wins(instance: Instance, person: Someone) -> None:
    instance.clock.advance(leaving.GRACE)  # type: ignore[attr-defined]
    steps = [lambda: service.end(instance, person.account_id), lambda: kept(instance, person)]

    def step() -> bool:
        return steps.pop()()

    outcomes = at_once(step, 2)
    told = kinds(instance, person.account_id)
    assert ("account.kept" in told) != ("account.emptied" in told)
    assert all(isinstance(outcome, bool | AlreadyUsed) for outcome in outcomes)


def kept(instance: Instance, person: Someone) -> bool:
    with instance.work() as work:
        service.keep(work, person.account_id)
    return True
