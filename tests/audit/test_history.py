"""The page with the security history."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.audit.models import Entry
from portal.audit.service import PAGE_SIZE
from portal.kernel.work import Actor, Instance
from tests.support.events import BookLent
from tests.support.instances import READER
from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site

PATH = "/manage/account/history/"


def rows(page: object) -> list[list[str]]:
    """The cells of the table."""
    return [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in page.html.select("tbody tr")]  # type: ignore[attr-defined]


def test_a_sign_in_stands_there_with_time_zone_network_and_browser(site: Site, instance: Instance) -> None:
    sign_in(site, make_person(instance))

    at, sentence, network, browser = rows(site.get(PATH))[0]
    assert at == "1 June 2026, 12:00 UTC"
    assert sentence.startswith("Signed in")
    assert (network, browser) == (READER.address, READER.browser)


def test_a_failed_attempt_stands_there_too(site: Site, instance: Instance) -> None:
    ada = make_person(instance)
    sign_in(site, ada, password="not the password")
    sign_in(site, ada)

    assert len(rows(site.get(PATH))) == 2


def test_an_entry_from_nowhere_says_so(site: Site, instance: Instance) -> None:
    sign_in(site, make_person(instance))
    with instance.work() as work:
        work.db.execute(update(Entry).values(address="", browser=""))

    assert rows(site.get(PATH))[0][2:] == ["Not known", "Not known"]


def test_in_limited_mode_networks_are_shown_in_part(site: Site, instance: Instance) -> None:
    site.takes_cookies = False
    handle = sign_in_limited(site, make_person(instance))

    page = site.get(f"/~{handle}{PATH}")
    assert rows(page)[0][2] == "192.0.0.0/16"
    assert READER.address not in page.text


def test_what_somebody_typed_is_shown_as_text(site: Site, instance: Instance) -> None:
    ada = make_person(instance)
    sign_in(site, ada)
    with instance.work(Actor(browser="<script>alert(1)</script>")) as work:
        work.record(BookLent(account_id=ada.account_id, title="<b>ada</b>"))

    page = site.get(PATH)
    assert not page.html.find("script")
    assert "<b>ada</b>" in rows(page)[0][1]


def test_older_entries_follow_by_a_link(site: Site, instance: Instance) -> None:
    ada = make_person(instance)
    sign_in(site, ada)
    with instance.work() as work:
        for number in range(PAGE_SIZE):
            work.record(BookLent(account_id=ada.account_id, title=f"n{number}"))

    first = site.get(PATH)
    second = first.click("Older entries")
    assert (len(rows(first)), len(rows(second))) == (PAGE_SIZE, 1)
    assert second.html.title.text.startswith("Security history, older entries")
    assert rows(second.click("Newest entries")) == rows(first)


@pytest.mark.parametrize("before", ["x", "-1", "", "٣", "9" * 19, "1 OR 1=1"])
def test_a_key_that_is_no_number_is_not_found(site: Site, instance: Instance, before: str) -> None:
    sign_in(site, make_person(instance))

    site.get(PATH, {"before": before}, status=404)


def test_nobody_reads_the_history_of_another(site: Site, instance: Instance) -> None:
    grace = make_person(instance, "grace")
    sign_in(site, make_person(instance))
    with instance.work() as work:
        work.record(BookLent(account_id=grace.account_id, title="only for grace"))

    assert "only for grace" not in site.get(PATH).text


def test_a_stranger_is_asked_to_sign_in(site: Site, instance: Instance) -> None:
    make_person(instance)

    assert "/account/login/" in site.get(PATH).headers["Location"]
