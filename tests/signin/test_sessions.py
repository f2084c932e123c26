"""Where a person is signed in, and ending all other sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.signin.models import Session
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/manage/account/sessions/"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
ENDED = "session.ended.elsewhere"


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an account."""
    return make_person(instance)


@pytest.fixture
def phone(site: Site, person: Someone, clock: FixedClock) -> Site:
    """Another browser of the person in another network, signed in an hour before."""
    found = Site(site.application, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="198.51.100.77")
    sign_in(found, person)
    clock.advance(timedelta(minutes=50))
    return found


def rows(page: Any) -> list[str]:
    return [" ".join(row.get_text(" ", strip=True).split()) for row in page.html.select("tbody tr")]


def live(instance: Instance) -> list[str]:
    """The browsers of the sessions that were not ended."""
    with instance.work() as work:
        return list(
            work.db.scalars(select(Session.browser).where(Session.ended_at.is_(None)).order_by(Session.created_at))
        )


def kinds(instance: Instance) -> list[str]:
    with instance.work() as work:
        return list(work.db.scalars(select(Entry.kind).where(Entry.kind == ENDED)))


def test_each_session_stands_with_browser_network_times_and_mode(site: Site, phone: Site, person: Someone) -> None:
    sign_in(site, person)
    assert rows(site.get(PAGE)) == [
        "Firefox on Linux 192.0.2.7 1 June 2026, 12:50 UTC 1 June 2026, 12:50 UTC With cookies"
        " This is the session you use now",
        "Firefox on Android 198.51.100.77 1 June 2026, 12:00 UTC 1 June 2026, 12:00 UTC With cookies"
        " End session Firefox on Android, 1 June 2026, 12:00 UTC",
    ]


def test_on_a_narrow_window_only_what_can_be_ended_stands_under_that_label(
    site: Site, phone: Site, person: Someone
) -> None:
    sign_in(site, person)
    page = site.get(PAGE)
    [button] = [cell.get_text(" ", strip=True) for cell in page.html.select("td[data-label='End it']")]
    assert button == "End session Firefox on Android, 1 June 2026, 12:00 UTC"
    assert page.html.select_one("td:not([data-label])").get_text(strip=True) == "This is the session you use now"


def test_a_session_that_ran_out_or_was_ended_is_not_shown(
    site: Site, phone: Site, person: Someone, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=11))
    sign_in(site, person)
    page = site.get(PAGE)
    assert len(rows(page)) == 1
    assert "You are signed in nowhere else." in page.text
    assert "End all other sessions" not in page.text


def test_all_others_are_ended_at_once_and_without_asking(
    instance: Instance, site: Site, phone: Site, person: Someone
) -> None:
    sign_in(site, person)
    answer = last_form(site.get(PAGE)).submit().follow()
    assert answer.html.title.text.strip().startswith("All other sessions ended")
    assert live(instance) == ["Firefox on Linux"]
    assert kinds(instance) == [ENDED]
    assert phone.get(PAGE).status_int == 303
    assert site.get(PAGE).status_int == 200


def test_sessions_of_other_people_are_neither_shown_nor_ended(instance: Instance, site: Site, phone: Site) -> None:
    sign_in(site, make_person(instance, "bob"))
    page = site.get(PAGE)
    assert len(rows(page)) == 1
    site.post(PAGE, {"_token": last_form(page)["_token"].value})
    assert len(live(instance)) == 2


def test_without_the_form_token_nothing_is_ended(instance: Instance, site: Site, phone: Site, person: Someone) -> None:
    sign_in(site, person)
    assert site.post(PAGE, {}, expect_errors=True).status_int == 400
    assert len(live(instance)) == 2


def test_a_bare_handle_sees_networks_in_part_and_no_id(
    instance: Instance, site: Site, phone: Site, person: Someone
) -> None:
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, person)
    page = bare.get(f"/~{handle}{PAGE}")
    assert "198.51.0.0/16" in rows(page)[1]
    assert "198.51.100.77" not in page.text
    assert "Limited mode" in rows(page)[0]
    with instance.work() as work:
        ids = list(work.db.scalars(select(Session.id)))
    assert not any(str(found) in page.text or found.hex in page.text for found in ids)


def test_a_bare_handle_ends_the_others_without_asking(
    instance: Instance, site: Site, phone: Site, person: Someone
) -> None:
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, person)
    answer = last_form(bare.get(f"/~{handle}{PAGE}")).submit()
    assert answer.headers["Location"].endswith(f"/~{handle}{PAGE}")
    assert live(instance) == ["Firefox on Linux"]
