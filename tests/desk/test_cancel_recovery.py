"""The banner in every live session, and its page."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.desk.closing import kinds, send_confirmed
from tests.desk.recovering import start, state
from tests.support.clock import NOON
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

CANCEL = "/manage/account/cancel-recovery/"
TOLD = "were asked to remove two-factor authentication"


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an authenticator app."""
    return make_person(instance, authenticator=True)


def test_every_page_of_a_live_session_says_so_and_leads_to_cancelling(
    instance: Instance, site: Site, person: Someone
) -> None:
    sign_in(site, person, code=person.code(NOON))
    assert TOLD not in site.get("/manage/account/").text
    start(instance, person)
    for path in ("/", "/manage/account/", "/manage/account/tokens/", "/help/"):
        page = site.get(path)
        assert TOLD in page.text
        assert page.html.select_one(f'main a[href="{CANCEL}"]') is not None
    assert TOLD not in Site(site.application).get("/").text
    answer = last_form(site.get(CANCEL)).submit()
    assert answer.status_int == 303
    page = answer.follow()
    assert "Recovery of your account cancelled" in page.html.title.text
    assert TOLD not in page.text
    assert state(instance, person) == "cancelled"
    assert kinds(instance, person.account_id)[-1] == "recovery.cancelled"


def test_in_limited_mode_the_banner_keeps_the_handle(instance: Instance, bed: Bed, person: Someone) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, person, code=person.code(NOON))
    start(instance, person)
    page = site.get(f"/~{handle}/manage/account/")
    assert page.html.select_one(f'main a[href="/~{handle}{CANCEL}"]') is not None
    assert send_confirmed(site.get(f"/~{handle}{CANCEL}"), person).status_int == 303
    assert state(instance, person) == "cancelled"


def test_other_people_see_nothing_and_cancel_nothing(instance: Instance, site: Site, person: Someone) -> None:
    start(instance, person)
    sign_in(site, make_person(instance, "grace"))
    page = site.get(CANCEL)
    assert TOLD not in page.text
    assert "No recovery of your account is under way" in page.text
