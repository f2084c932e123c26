"""Which tokens reach a project, as its owners see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kernel.work import Instance
from portal.tokens import replacing, service
from portal.tokens.limits import NewProject, UploadsLeft
from tests.support.clock import NOON, FixedClock
from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.tokens.shared import ELSEWHERE, LIST, Shared, share


@pytest.fixture
def shared(instance: Instance) -> Shared:
    """Ada's project, on which Noor works."""
    return share(instance)


def rows(site: Site) -> list[list[str]]:
    """The cells of the table, a list a row."""
    page = site.get(LIST)
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in page.html.select("tbody tr")]


def test_an_owner_sees_whose_tokens_they_are_and_when_they_were_used(site: Site, shared: Shared) -> None:
    sign_in(site, shared.ada)
    shared.token(shared.ada, "laptop")
    token = shared.token(shared.noor, "robot", "demo", expires_at=NOON + timedelta(days=30))
    assert shared.use(token) == "taken"
    ada, noor = rows(site)
    assert ada[0] == "ada"
    assert ada[1].startswith("laptop For every project of this person ")
    assert ada[2:5] == ["1 June 2026, 12:00 UTC", "Does not expire", "Not used yet"]
    assert noor[:2] == ["noor", f"robot {str(token.token.id)[:8]}…"]
    assert noor[4].endswith(f"from {ELSEWHERE.address}")


def test_tokens_of_one_person_are_told_apart_in_row_link_and_confirmation(site: Site, shared: Shared) -> None:
    sign_in(site, shared.ada)
    one, two = (shared.token(shared.noor, name) for name in ("first", "second"))
    assert len({tuple(row) for row in rows(site)}) == 2
    for created in (one, two):
        start = str(created.token.id)[:8]
        [row] = [row for row in rows(site) if start in row[1]]
        assert start in row[5]
        page = site.get(f"{LIST}{created.token.id}/cut-off/")
        assert str(created.token.id) in page.html.main.text
        assert "1 June 2026, 12:00 UTC" in page.html.main.text


def test_a_replaced_token_that_goes_on_says_so(site: Site, shared: Shared, instance: Instance) -> None:
    old = shared.token(shared.noor, "robot", "demo")
    with instance.work() as work:
        replacing.replace(work, shared.noor.account_id, old.token.id, hours=1)
    sign_in(site, shared.ada)
    assert [str(old.token.id)[:8] in row[1] for row in rows(site) if "(replaced, still works)" in row[1]] == [True]
    assert "Another token took its place." in site.get(f"{LIST}{old.token.id}/cut-off/").html.main.text


def test_of_a_token_for_everything_neither_name_nor_network_is_told(site: Site, shared: Shared) -> None:
    sign_in(site, shared.ada)
    shared.use(shared.token(shared.noor, "secret-employer"))
    text = site.get(LIST).text
    assert "secret-employer" not in text
    assert ELSEWHERE.address not in text


def test_nor_from_where_one_was_used_that_is_for_other_projects_too(site: Site, shared: Shared) -> None:
    sign_in(site, shared.ada)
    both = shared.token(shared.noor, "both-of-them", "demo", "other")
    shared.use(both, shared.other)
    text = site.get(LIST).text
    assert "both-of-them" in text
    assert ELSEWHERE.address not in text


def test_tokens_that_can_not_upload_to_it_are_not_there(
    site: Site, shared: Shared, instance: Instance, clock: FixedClock
) -> None:
    shared.token(shared.noor, "elsewhere", "other")
    shared.token(shared.noor, "over", "demo", expires_at=NOON + timedelta(minutes=1))
    shared.token(shared.noor, "first-upload", limits=[NewProject("fresh")])
    spent = shared.token(shared.noor, "spent", "demo", limits=[UploadsLeft(1)])
    gone = shared.token(shared.noor, "revoked", "demo")
    shared.use(spent)
    shared.token(make_person(instance, "zoe"), "stranger")
    with instance.work() as work:
        service.revoke(work, shared.noor.account_id, gone.token.id)
    clock.advance(timedelta(minutes=2))
    sign_in(site, shared.ada)
    assert rows(site) == []
    assert "No API token can upload to this project." in site.get(LIST).text


def test_only_owners_look(site: Site, shared: Shared, instance: Instance) -> None:
    sign_in(site, shared.noor)
    assert site.get(LIST, expect_errors=True).status_int == 403
    stranger = Site(site.application)
    sign_in(stranger, make_person(instance, "zoe"))
    assert stranger.get(LIST, expect_errors=True).status_int == 404
    assert stranger.get("/manage/project/none/tokens/", expect_errors=True).status_int == 404
    assert Site(site.application).get(LIST).status_int == 303


def test_in_limited_mode_the_network_is_masked(site: Site, shared: Shared) -> None:
    shared.use(shared.token(shared.noor, "robot", "demo"))
    blocked = Site(site.application, takes_cookies=False)
    text = blocked.get(f"/~{sign_in_limited(blocked, shared.ada)}{LIST}").text
    assert "robot" in text
    assert ELSEWHERE.address not in text
    assert "198.51.0.0/16" in text
