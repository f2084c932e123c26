"""The link in a letter that stops a recovery."""

from __future__ import annotations

import pytest

from portal.factors.service import has_factor
from portal.kernel.work import Instance
from tests.desk.closing import kinds
from tests.desk.recovering import links, pass_day, start, state
from tests.notices.conftest import Postbox, postbox
from tests.support.people import Someone, last_form, make_person
from tests.support.site import Site

__all__ = ["postbox"]


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an authenticator app, whose recovery was started."""
    made = make_person(instance, authenticator=True)
    start(instance, made)
    return made


@pytest.mark.parametrize("sent", [False, True], ids=["first letter", "second letter"])
def test_it_stops_the_recovery_and_nothing_else(
    instance: Instance, site: Site, postbox: Postbox, person: Someone, sent: bool
) -> None:
    if sent:
        pass_day(instance)
    path = links(instance, postbox)["stop-recovery"]
    page = site.get(path)
    assert (page.html.h1.text, state(instance, person)) == (
        "Cancel the recovery of your account",
        "sent" if sent else "waiting",
    )
    done = last_form(page).submit()
    assert done.html.h1.text == "The recovery of your account is cancelled"
    assert state(instance, person) == "cancelled"
    assert kinds(instance, person.account_id)[-1] == "recovery.cancelled.link"
    assert site.get("/manage/account/").status_int == 303
    with instance.work() as work:
        assert has_factor(work, person.account_id)
    assert all(site.get(link, expect_errors=True).status_int == 410 for link in links(instance, postbox).values())
    over = site.get(path, status=410)
    assert over.html.h1.text == "This link was used already"
    assert "and the recovery is cancelled" in over.text


def test_the_link_of_the_first_letter_works_after_the_second_too(
    instance: Instance, site: Site, postbox: Postbox, person: Someone
) -> None:
    first = links(instance, postbox)["stop-recovery"]
    pass_day(instance)
    last_form(site.get(first)).submit()
    assert state(instance, person) == "cancelled"


def test_a_stopped_recovery_sends_no_link(instance: Instance, site: Site, postbox: Postbox, person: Someone) -> None:
    last_form(site.get(links(instance, postbox)["stop-recovery"])).submit()
    pass_day(instance)
    assert "recovery" not in links(instance, postbox)


def test_nonsense_is_not_found(site: Site) -> None:
    assert site.get("/account/stop-recovery/nonsense/", expect_errors=True).status_int == 404
