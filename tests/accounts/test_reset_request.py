from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import PendingReset
from portal.kernel.work import Instance, Work
from tests.accounts.people import Happened
from tests.support.instances import Bed
from tests.support.people import last_form, make_person
from tests.support.site import Site

PAGE = "/account/reset-password/"
VARYING = re.compile(r'name="_token" value="[^"]*"')


def ask(site: Site, name: str) -> Any:
    form = last_form(site.get(PAGE))
    form["username"] = name
    return form.submit(expect_errors=True)


def test_the_sign_in_page_leads_here(instance: Instance, site: Site) -> None:
    make_person(instance)
    page = site.get("/account/login/").click("Forgotten your password?")
    assert page.request.path == PAGE


@pytest.mark.parametrize("name", ["ada", "ADA@example.org", "nobody", "nobody@example.org", "not even a name"])
def test_the_answer_to_a_known_name_is_that_to_any_other_to_the_byte(
    instance: Instance, site: Site, happened: Happened, name: str
) -> None:
    make_person(instance)
    other, this = ask(site, "somebody else"), ask(site, name)
    assert this.headers["Location"] == "http://localhost/account/reset-password/sent/"
    assert (this.status, this.headerlist, this.body) == (other.status, other.headerlist, other.body)
    assert happened == []


def test_what_was_typed_is_kept_sealed_until_the_worker_reads_it(site: Site, work: Work) -> None:
    ask(site, "ada@example.org")
    [pending] = work.db.scalars(select(PendingReset))
    assert b"ada@" not in pending.body


def test_nothing_is_asked_for_nobody(site: Site, work: Work) -> None:
    answer = ask(site, "")
    assert answer.status_int == 422
    assert "Enter your user name" in answer.html.select_one("#username-error").get_text()
    assert work.db.scalars(select(PendingReset)).all() == []


def test_one_network_asks_fifty_times_an_hour_and_another_is_not_held_up(bed: Bed) -> None:
    site = Site(bed.application)
    assert {ask(site, f"ada{number}").status_int for number in range(50)} == {303}
    refused = ask(site, "ada")
    assert refused.status_int == 429
    assert refused.headers["Retry-After"] == "3600"
    assert ask(Site(bed.application, REMOTE_ADDR="198.51.100.9"), "ada").status_int == 303


def test_it_works_where_cookies_are_blocked(bed: Bed) -> None:
    assert ask(Site(bed.application, takes_cookies=False), "ada").status_int == 303
