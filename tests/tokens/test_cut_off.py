"""Cutting a token off from a project."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, func, select

from portal.kernel.errors import NotFound
from portal.kernel.work import Instance
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.projects.models import Project, Role
from portal.tokens import policy, replacing
from portal.tokens.errors import TokenRefused
from portal.tokens.reach import service
from portal.tokens.reach.errors import AlreadyCut
from portal.tokens.reach.models import TokenCut
from portal.tokens.service import Created
from tests.support.instances import READER
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site
from tests.support.waiting import would_wait
from tests.tokens.made import appended, basic
from tests.tokens.shared import ELSEWHERE, LIST, Shared, as_owner, share


@pytest.fixture
def shared(instance: Instance) -> Shared:
    """Ada's project, on which Noor works."""
    return share(instance)


@pytest.fixture
def token(shared: Shared) -> Created:
    """Noor's token for everything."""
    return shared.token(shared.noor, "secret-employer")


def page(token: Created) -> str:
    """The address of the page."""
    return f"{LIST}{token.token.id}/cut-off/"


def cut(shared: Shared, token: Created) -> None:
    """Cut it off as Ada."""
    with shared.instance.work(as_owner(shared)) as work:
        service.cut_off_from(work, shared.demo, token.token.id)


def cuts(instance: Instance) -> Any:
    """How many rows there are."""
    with instance.work(write=False) as work:
        return work.db.scalar(select(func.count()).select_from(TokenCut))


def test_the_button_cuts_it_off_from_this_project_and_no_other(site: Site, shared: Shared, token: Created) -> None:
    sign_in(site, shared.ada)
    answer = last_form(site.get(page(token))).submit()
    assert answer.headers["Location"].endswith(LIST)
    assert answer.follow().html.title.text.startswith("API token of noor cut off from Demo – ")
    assert (shared.use(token), shared.use(token, shared.other)) == ("cut-off", "taken")
    assert site.get(page(token), expect_errors=True).status_int == 404


def test_opening_the_page_cuts_nothing_off_and_names_no_secret(site: Site, shared: Shared, token: Created) -> None:
    sign_in(site, shared.ada)
    text = site.get(page(token)).text
    assert "secret-employer" not in text
    assert shared.use(token) == "taken"


def test_a_narrowed_copy_is_cut_off_with_it(shared: Shared, token: Created) -> None:
    cut(shared, token)
    copy = Created(token.token, appended(token.secret, b'[1,["demo"]]'))
    assert shared.use(copy) == "cut-off"


def test_what_takes_its_place_is_cut_off_too(shared: Shared, instance: Instance, token: Created) -> None:
    cut(shared, token)
    with instance.work() as work:
        new = replacing.replace(work, shared.noor.account_id, token.token.id, hours=1)
    assert (shared.use(new), shared.use(new, shared.other), shared.use(token)) == ("cut-off", "taken", "cut-off")
    with instance.work(write=False) as work:
        assert service.cut_from(work, new.token.id) == ["Demo"]


def test_an_upload_that_was_being_received_is_refused_at_its_end(shared: Shared, token: Created) -> None:
    facts: dict[str, Any] = {"project_id": shared.demo.id, "version": "1.0"}
    with shared.instance.work(ELSEWHERE) as work:
        bearer = policy.authenticate(work, basic(token.secret))
        policy.authorize(work, bearer, "demo", **facts)
        work.settle()
        cut(shared, token)
        held = policy.confirm(work, bearer)
        with pytest.raises(TokenRefused) as refused:
            policy.spend(work, bearer, held, "demo", created=False, **facts)
    assert refused.value.code == "cut-off"


def test_it_is_told_before_the_file_is_received(shared: Shared, token: Created) -> None:
    cut(shared, token)
    with shared.instance.work(ELSEWHERE) as work:
        bearer = policy.authenticate(work, basic(token.secret))
        with pytest.raises(TokenRefused) as refused:
            policy.authorize(work, bearer, "demo", project_id=shared.demo.id, version="1.0")
    assert refused.value.code == "cut-off"


def test_an_upload_that_has_begun_to_write_comes_before_it_and_every_other_one_behind_it(
    shared: Shared, token: Created
) -> None:
    instance, owner = shared.instance, as_owner(shared)
    with instance.work(ELSEWHERE) as work:
        bearer = policy.authenticate(work, basic(token.secret))
        policy.confirm(work, bearer)
        assert would_wait(instance, lambda other: service.cut_off_from(other, shared.demo, token.token.id), owner)
    with instance.work(owner) as work:
        service.cut_off_from(work, shared.demo, token.token.id)
        assert would_wait(instance, lambda other: policy.confirm(other, bearer))


def test_of_two_owners_at_once_one_cuts_it_off(shared: Shared, token: Created) -> None:
    outcomes = at_once(lambda: cut(shared, token), 2)
    assert sorted(type(outcome) for outcome in outcomes if outcome is not None) in ([AlreadyCut], [NotFound])
    assert cuts(shared.instance) == 1
    assert len(shared.entries("token.cut_off")) == len(shared.entries("token.cut_off_from_project")) == 1


def test_both_histories_tell_it_and_its_owner_gets_a_letter(site: Site, shared: Shared, token: Created) -> None:
    sign_in(site, shared.ada)
    last_form(site.get(page(token))).submit()
    [theirs], [projects] = shared.entries("token.cut_off"), shared.entries("token.cut_off_from_project")
    assert (theirs.account_id, theirs.project_id) == (shared.noor.account_id, None)
    assert (theirs.facts["label"], theirs.facts["project"], theirs.facts["by"]) == ("secret-employer", "Demo", "ada")
    # Neither learns from where the other one works, or what the other one calls a token for everything.
    assert (theirs.address, theirs.browser) == ("", "")
    assert (projects.account_id, projects.project_id, projects.address) == (None, shared.demo.id, READER.address)
    assert projects.facts == {"token_id": str(token.token.id), "username": "noor"}
    send_due(shared.instance)
    letter = next(one for one in newest(shared.instance.settings, 5) if one.to == "noor@example.org")
    assert letter.subject == "API token cut off from a project"
    assert READER.address not in letter.text


def test_the_history_of_the_project_says_whose_token_it_was_and_that_of_its_owner_who_did_it(
    site: Site, shared: Shared, token: Created
) -> None:
    cut(shared, token)
    sign_in(site, shared.ada)
    cells = [cell.text.strip() for cell in site.get("/manage/project/demo/history/").html.table.tbody.tr.find_all("td")]
    start = str(token.token.id)[:8]
    assert cells == [f"API token {start}… of noor cut off from this project", "noor", "ada"]
    theirs = Site(site.application)
    sign_in(theirs, shared.noor)
    text = theirs.get("/manage/account/history/").html.main.text
    assert "API token “secret-employer” cut off from the project Demo by ada, an owner of the project" in text


def test_maintainers_strangers_and_owners_of_other_projects_cut_nothing_off(
    site: Site, shared: Shared, instance: Instance, token: Created
) -> None:
    zoe = make_person(instance, "zoe")
    for person, status in ((shared.noor, 403), (zoe, 404)):
        browser = Site(site.application)
        sign_in(browser, person)
        fields = last_form(browser.get("/manage/account/tokens/add/")).submit_fields()
        assert browser.get(page(token), expect_errors=True).status_int == status
        assert browser.post(page(token), fields, expect_errors=True).status_int == status
    assert cuts(instance) == 0


def test_a_token_that_does_not_reach_the_project_is_not_found(site: Site, shared: Shared, instance: Instance) -> None:
    elsewhere = shared.token(shared.noor, "elsewhere", "other")
    sign_in(site, shared.ada)
    for token_id in (elsewhere.token.id, shared.demo.id, "x"):
        assert site.get(f"{LIST}{token_id}/cut-off/", expect_errors=True).status_int == 404
    assert cuts(instance) == 0


def test_in_limited_mode_the_password_is_asked(site: Site, shared: Shared, token: Created) -> None:
    blocked = Site(site.application, takes_cookies=False)
    form = last_form(blocked.get(f"/~{sign_in_limited(blocked, shared.ada)}{page(token)}"))
    assert form.submit(expect_errors=True).status_int == 422
    assert shared.use(token) == "taken"
    form["confirm-password"] = shared.ada.password
    form.submit()
    assert shared.use(token) == "cut-off"


def test_the_owner_of_the_token_reads_it_beside_its_limits(site: Site, shared: Shared, token: Created) -> None:
    cut(shared, token)
    sign_in(site, shared.noor)
    text = site.get(f"/manage/account/tokens/{token.token.id}/").html.main.text
    assert "An owner of the project Demo has cut it off from there." in " ".join(text.split())


def test_a_project_can_go_though_tokens_were_cut_off_from_it(shared: Shared, token: Created) -> None:
    cut(shared, token)
    with shared.instance.work() as work:
        work.db.execute(delete(Role).where(Role.project_id == shared.demo.id))
        work.db.execute(delete(Project).where(Project.id == shared.demo.id))
    assert cuts(shared.instance) == 0
