"""The list of one's own tokens."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.tokens import listing, replacing, service, using
from portal.tokens.limits import Networks, NewProject, UploadsLeft
from portal.tokens.limits.own import network
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.tokens.made import add_project

LIST = "/manage/account/tokens/"


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody signed in with cookies."""
    person = make_person(instance)
    sign_in(site, person)
    return person


def cells(site: Site, path: str = LIST) -> list[list[str]]:
    """The rows of the table, each cell as its text; of the first, only the name."""
    found = site.get(path).html.find("table").tbody.find_all("tr")
    return [[" ".join(cell.text.split()) for cell in [row.th.a, *row.find_all("td")]] for row in found]


def test_a_stranger_is_sent_to_sign_in(site: Site) -> None:
    assert "/account/login/" in site.get(LIST).headers["Location"]


@pytest.mark.usefixtures("person")
def test_without_tokens_the_page_says_so(site: Site) -> None:
    page = site.get(LIST)
    assert "You have no API tokens" in page.text
    assert page.html.find("table") is None


def test_each_token_is_listed_with_what_matters(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        names = ["alpha", "beta", "delta", "gamma", "omega"]
        for name in names:
            add_project(work, person.account_id, name)
        end, limits = NOON + timedelta(days=7), [UploadsLeft(5), Networks.of([network("192.0.2.0/24")])]
        one = service.create(work, person.account_id, name="ci", projects=names, expires_at=end, limits=limits)
    with instance.work(READER) as work:
        using.note_use(work, one.token.id)
    assert cells(site) == [
        [
            "ci",
            "Uploads to: alpha beta delta and 2 more It works only from: 192.0.2.0/24. Uploads left: 5.",
            "Works Until 8 June 2026",
            "1 June 2026 without two-factor authentication",
            "1 June 2026 from 192.0.2.7 with Firefox on Linux",
            "Revoke ci Choose ci",
        ]
    ]


def test_a_replaced_token_and_the_one_in_its_place_are_told_apart(
    instance: Instance, site: Site, person: Someone
) -> None:
    with instance.work() as work:
        old = service.create(work, person.account_id, name="laptop", projects=None, expires_at=None).token
        replacing.replace(work, person.account_id, old.id, hours=1)
    starts = [row.th.code.text for row in site.get(LIST).html.tbody.find_all("tr")]
    assert len(set(starts)) == 2
    assert f"{str(old.id)[:8]}…" in starts
    links = [" ".join(link.text.split()) for link in site.get(LIST).html.select("tbody td a")]
    assert sorted(links) == ["Revoke laptop", f"Revoke laptop, {str(old.id)[:8]}…"]
    labels = [label.text for label in site.get(f"{LIST}revoke/").html.select("main form .choice label")]
    assert len(labels) == len(set(labels)) == 2
    assert "…, still works" in site.get(f"{LIST}{old.id}/revoke/").html.main.text


def test_in_limited_mode_the_networks_of_a_token_are_counted_and_none_is_shown(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    limits = [Networks.of([network("192.0.2.0/24"), network("10.0.0.0/8")])]
    with instance.work(READER) as work:
        token = service.create(work, person.account_id, name="ci", projects=None, expires_at=None, limits=limits)
        using.note_use(work, token.token.id)
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    row = cells(blocked, f"/~{handle}{LIST}")[0]
    assert row[1].endswith("It works only from 2 networks, which are not shown in limited mode.")
    detail = blocked.get(f"/~{handle}{LIST}{token.token.id}/").html.main.text
    assert "It works only from 2 networks, which are not shown in limited mode." in detail
    assert "192.0.2.0" not in detail
    assert "10.0.0.0" not in detail
    assert row[4] == "1 June 2026 from 192.0.0.0/16 with Firefox on Linux"


def test_tokens_unused_for_90_days_are_found_and_the_ticked_ones_taken_along(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    tokens = {}
    with instance.work() as work:
        for name in ("idle", "busy", "ended"):
            tokens[name] = service.create(work, person.account_id, name=name, projects=None, expires_at=None).token
        service.revoke(work, person.account_id, tokens["ended"].id)
    clock.advance(timedelta(days=89))
    with instance.work() as work:
        using.note_use(work, tokens["busy"].id)
    sign_in(site, person)
    assert "not used for 90 days" not in site.get(LIST).text
    clock.advance(timedelta(days=1))
    with instance.work() as work:
        service.create(work, person.account_id, name="young", projects=None, expires_at=None)
    sign_in(site, person)
    page = site.get(LIST).click("Show only the 1 token that was not used for 90 days")
    assert [row[0] for row in cells(site, page.request.path_qs)] == ["idle"]
    form = last_form(page)
    form["token"] = True
    confirm = form.submit()
    assert confirm.request.path == "/manage/account/tokens/revoke/"
    assert [box.checked for box in last_form(confirm).fields["tokens"]] == [True]


def test_states_are_told_and_only_revoked_tokens_can_t_be_revoked(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    with instance.work() as work:
        for name, days in (("keeps", None), ("expires", 1), ("ends", None)):
            end = NOON + timedelta(days=days) if days else None
            token = service.create(work, person.account_id, name=name, projects=None, expires_at=end).token
        service.revoke(work, person.account_id, token.id)
    clock.advance(timedelta(days=1))
    sign_in(site, person)
    shown = {row[0]: (row[1], row[2], row[4], row[5]) for row in cells(site)}
    everything = "Uploads to every project that you can upload to, and to new projects"
    assert shown["keeps"] == (everything, "Works Does not expire", "Not used yet", "Revoke keeps Choose keeps")
    assert (shown["expires"][1], shown["expires"][3]) == (
        "Expired Until 2 June 2026",
        "Revoke expires Choose expires",
    )
    assert (shown["ends"][1], shown["ends"][3]) == ("Revoked on 1 June 2026", "")
    assert next(iter(shown)) == "keeps"


def test_the_last_day_is_shown_as_it_was_typed_and_projects_as_they_are_written(
    instance: Instance, site: Site, person: Someone
) -> None:
    with instance.work() as work:
        add_project(work, person.account_id, "Demo.App").normalized = "demo-app"
        end = datetime(2027, 1, 1, tzinfo=UTC)
        service.create(work, person.account_id, name="ci", projects=["demo-app"], expires_at=end)
        service.create(
            work, person.account_id, name="new", projects=None, expires_at=None, limits=[NewProject("Fresh.one")]
        )
    shown = {row[0]: row[1:3] for row in cells(site)}
    assert shown["new"][0] == "Uploads to: Fresh.one It creates the project “Fresh.one”, then uploads to it only."
    assert shown["ci"] == ["Uploads to: Demo.App", "Works Until 31 December 2026"]


def test_a_project_made_by_its_token_is_called_as_it_calls_itself(
    instance: Instance, site: Site, person: Someone
) -> None:
    with instance.work() as work:
        limits = [NewProject("fresh.one")]
        token = service.create(work, person.account_id, name="new", projects=None, expires_at=None, limits=limits)
        project = add_project(work, person.account_id, "Fresh-One")
        token.token.new_project_id = project.id
    told = "It has created the project “Fresh-One” and uploads to it only."
    assert cells(site)[0][1] == f"Uploads to: Fresh-One {told}"


def make_tokens(instance: Instance, person: Someone, count: int, *, revoked: int = 0) -> None:
    """Working tokens t0, t1, …, the first of them revoked, each used once."""
    with instance.work() as work:
        for number in range(count):
            token = service.create(work, person.account_id, name=f"t{number}", projects=None, expires_at=None).token
            if number < revoked:
                service.revoke(work, person.account_id, token.id)


def names(page: Any) -> list[str]:
    """The names of the tokens in the table of a page."""
    return [row.th.a.text for row in page.html.tbody.find_all("tr")]


def test_tokens_come_in_pages_and_those_that_work_first(instance: Instance, site: Site, person: Someone) -> None:
    make_tokens(instance, person, 60, revoked=20)
    pages = [site.get(LIST)]
    while "Show the next tokens" in pages[-1].text:
        pages.append(pages[-1].click("Show the next tokens"))
    assert [len(names(page)) for page in pages] == [25, 25, 10]
    shown = [name for page in pages for name in names(page)]
    assert set(shown[:40]) == {f"t{number}" for number in range(20, 60)}
    assert set(shown[40:]) == {f"t{number}" for number in range(20)}
    assert names(pages[-1].click("Show the first tokens")) == shown[:25]


def test_who_revokes_the_last_token_of_a_page_misses_none_on_the_next(
    instance: Instance, site: Site, person: Someone
) -> None:
    make_tokens(instance, person, 40)
    first = site.get(LIST)
    last = names(first)[-1]
    with instance.work() as work:
        token = next(token for token in listing.working(work, person.account_id) if token.name == last)
        service.revoke(work, person.account_id, token.id)
    second = names(first.click("Show the next tokens"))
    assert len(set(names(first)) | set(second)) == 40


def test_the_filter_holds_over_pages_and_all_that_it_finds_can_be_revoked_at_once(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    make_tokens(instance, person, 30)
    clock.advance(timedelta(days=90))
    with instance.work() as work:
        service.create(work, person.account_id, name="young", projects=None, expires_at=None)
    sign_in(site, person)
    first = site.get(LIST).click("Show only the 30 tokens that were not used for 90 days")
    second = first.click("Show the next tokens")
    assert sorted([*names(first), *names(second)]) == sorted(f"t{number}" for number in range(30))
    assert names(second.click("Show the first tokens")) == names(first)
    confirm = second.click("Revoke all 30 tokens that were not used for 90 days")
    boxes = last_form(confirm).fields["tokens"]
    assert [box.checked for box in boxes] == [True] * 30
    assert "t29, created" in confirm.html.main.text
    last_form(confirm).submit()
    with instance.work() as work:
        assert [token.name for token in listing.working(work, person.account_id)] == ["young"]


def test_the_page_stays_within_its_bytes_however_many_tokens_there_are(
    instance: Instance, site: Site, person: Someone
) -> None:
    limits = [Networks.of([network("192.0.2.0/24")]), UploadsLeft(5)]
    with instance.work() as work:
        names = [f"project-{number}" for number in range(5)]
        for name in names:
            add_project(work, person.account_id, name)
        for number in range(service.LIVE_LIMIT):
            service.create(work, person.account_id, name=f"t{number}", projects=names, expires_at=None, limits=limits)
    page = site.get(LIST).body
    assert len(page) < 35_000
    assert len(gzip.compress(page)) < 5_000


@pytest.mark.usefixtures("person")
def test_a_page_that_there_is_not_is_not_found(instance: Instance, site: Site) -> None:
    other = make_person(instance, "noa")
    with instance.work() as work:
        theirs = service.create(work, other.account_id, name="x", projects=None, expires_at=None).token
    for key in ("", "x", "0", str(new_id()), str(theirs.id)):
        assert site.get(f"{LIST}?before={key}", expect_errors=True).status_int == 404


def test_names_are_text_and_never_markup(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        service.create(work, person.account_id, name="<b>${x}</b>", projects=None, expires_at=None)
    assert cells(site)[0][0] == "<b>${x}</b>"


def test_somebody_elses_tokens_are_not_listed(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        service.create(work, make_person(instance, "noa").account_id, name="x", projects=None, expires_at=None)
    assert "You have no API tokens" in site.get(LIST).text


def test_the_list_is_seen_in_limited_mode_with_links_below_the_handle(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    with instance.work() as work:
        service.create(work, person.account_id, name="ci", projects=None, expires_at=None)
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    page = blocked.get(f"/~{handle}{LIST}")
    assert page.click("ci", index=0).request.path.startswith(f"/~{handle}/")
