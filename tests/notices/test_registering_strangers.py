"""Somebody registers again and again with the address of somebody else: how many letters that one gets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kernel.work import Instance
from portal.notices.service import send_due
from tests.notices.conftest import Postbox
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, last_form, make_person
from tests.support.site import Site

VICTIM = "victim@example.org"


def register(site: Site, number: int, email: str = VICTIM) -> int:
    """One registration; the status of its answer."""
    form = last_form(site.get("/account/register/"))
    form["username"], form["email"], form["password"] = f"visitor-{number}", email, PASSWORD
    status: int = form.submit(expect_errors=True).status_int
    return status


@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
def test_an_address_gets_three_letters_in_six_hours_and_every_answer_is_the_same(
    instance: Instance, site: Site, postbox: Postbox, *, clock: FixedClock, known: bool
) -> None:
    make_person(instance, "victim" if known else "root")
    spelt = [VICTIM, VICTIM.upper()]
    assert {register(site, number, spelt[number % 2]) for number in range(8)} == {303}
    assert register(site, 8, "bea@example.org") == 303
    send_due(instance)
    assert len(postbox.messages) == 4
    clock.advance(timedelta(hours=6))
    register(site, 9)
    send_due(instance)
    assert len(postbox.messages) == 5
