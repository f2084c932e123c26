"""Choosing projects among many, without script."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from portal.kernel.work import Instance
from portal.tokens import listing, service
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.tokens.made import add_project

ADD = "/manage/account/tokens/add/"
CHOOSE = "/manage/account/tokens/add/projects/"


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody with five hundred projects, signed in with cookies."""
    person = make_person(instance)
    with instance.work() as work:
        for number in range(500):
            add_project(work, person.account_id, f"Project-{number:03}")
    sign_in(site, person)
    return person


def boxes(page: Any) -> dict[str, bool]:
    """Each project that is shown, and whether it is ticked."""
    return {box["value"]: box.has_attr("checked") for box in page.html.find_all("input", {"name": "project"})}


def press(page: Any, button: str = "", **fields: Any) -> Any:
    """Fill the form in and press a button: the filter, unless another one is named."""
    form = last_form(page)
    for name, value in fields.items():
        form[name] = value
    return form.submit(button) if button else form.submit(index=0)


@pytest.mark.usefixtures("person")
def test_fifty_are_shown_at_once_and_the_rest_page_by_page(site: Site) -> None:
    page = site.get(CHOOSE)
    assert list(boxes(page)) == [f"project-{number:03}" for number in range(50)]
    assert "Projects that match: 500 of 500. Shown below: 1 to 50" in page.text
    after = press(page, "from")
    assert list(boxes(after))[:2] == ["project-050", "project-051"]


@pytest.mark.usefixtures("person")
def test_what_is_ticked_stays_ticked_while_one_filters(site: Site) -> None:
    page = press(site.get(CHOOSE), find="T_12")
    assert list(boxes(page)) == [f"project-12{digit}" for digit in range(10)]
    page = press(page, find="499", project=["project-123", "project-125"])
    assert boxes(page) == {"project-123": True, "project-125": True, "project-499": False}
    assert "You have chosen 2 projects." in page.text
    page = press(page, "go", project=["project-125", "project-499"])
    form = last_form(page.follow())
    assert form["scope"].value == "chosen"
    assert [box._value for box in form.fields["projects"] if box.checked] == ["project-125", "project-499"]


@pytest.mark.usefixtures("person")
def test_more_than_fifty_are_told_before_one_goes_on(site: Site) -> None:
    query = "&".join(f"project=project-{number:03}" for number in range(51))
    page = site.get(f"{CHOOSE}?{query}&go=on")
    assert "more than 50 projects" in page.html.find(class_="summary").text
    assert sum(boxes(page).values()) == 51


@pytest.mark.usefixtures("person")
def test_nobody_elses_project_is_ever_shown(instance: Instance, site: Site) -> None:
    with instance.work() as work:
        add_project(work, make_person(instance, "noa").account_id, "theirs")
    assert boxes(site.get(f"{CHOOSE}?find=theirs&project=theirs")) == {}


@pytest.mark.parametrize("query", ["from=x", "from=-1", "from=99999999999", "from=500", "from=7", "find=%00", "token="])
@pytest.mark.usefixtures("person")
def test_an_address_that_was_typed_wrongly_shows_the_beginning_or_our_error_page(site: Site, query: str) -> None:
    page = site.get(f"{CHOOSE}?{query}", expect_errors=True)
    assert page.status_int == 400 or next(iter(boxes(page))) == "project-000"


def test_the_way_leads_back_to_the_token_that_is_narrowed(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        token = service.create(work, person.account_id, name="ci", projects=None, expires_at=None).token
    form = last_form(site.get(f"/manage/account/tokens/{token.id}/narrow/"))
    form["uploads"], form["date"] = "5", "2027-01-01"
    page = press(form.submit("choose").follow(), "go", project=["project-001"]).follow()
    assert page.request.path == f"/manage/account/tokens/{token.id}/narrow/"
    form = last_form(page)
    assert form["projects"].checked
    assert (form["uploads"].value, form["date"].value) == ("5", "2027-01-01")
    assert form.submit().follow().html.h1.text == "API token “ci”"
    assert site.get(f"{CHOOSE}?token={person.account_id}", expect_errors=True).status_int == 404


@pytest.mark.usefixtures("person")
def test_the_page_stays_within_its_bytes(site: Site) -> None:
    page = site.get(CHOOSE, headers={"Accept-Encoding": "gzip"})
    assert len(page.body) < 14_000


TYPED: dict[str, Any] = {
    "name": "ci & “co”",
    "scope": "chosen",
    "expires": "date",
    "date": "2027-01-01",
    "networks": "192.0.2.0/24 2001:db8::/32",
    "version": "1.4.0",
    "uploads": "3",
    "only_new": True,
}


def typed_into(form: Any) -> dict[str, Any]:
    """What stands in the fields of the form."""
    return {name: form[name].value if name != "only_new" else form[name].checked for name in TYPED}


@pytest.mark.usefixtures("person")
def test_what_was_typed_is_there_again_after_filtering_and_paging(site: Site) -> None:
    form = last_form(site.get(ADD))
    for name, value in TYPED.items():
        form[name] = value
    page = form.submit("choose").follow()
    page = press(page, find="t-4", project=["project-001"])
    page = press(page, "from", project=["project-001", "project-401"])
    form = last_form(press(page, "go", project=["project-001", "project-451"]).follow())
    assert typed_into(form) == TYPED
    assert [box._value for box in form.fields["projects"] if box.checked] == ["project-001", "project-451"]
    form["date"] = "yesterday"
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 422
    form = last_form(
        last_form(press(last_form(refused).submit("choose").follow(), "go").follow()).submit("choose").follow()
    )
    assert form["name"].value == TYPED["name"]
    assert form["date"].value == "yesterday"


def test_in_limited_mode_no_password_goes_into_an_address_and_nothing_is_lost(
    instance: Instance, site: Site, person: Someone
) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    form = last_form(blocked.get(f"/~{handle}{ADD}"))
    for name, value in {**TYPED, "confirm-password": person.password}.items():
        form[name] = value
    there = form.submit("choose")
    assert urlsplit(there.location).path == f"/~{handle}{CHOOSE}"
    assert set(parse_qs(urlsplit(there.location).query)) == {"purpose", *TYPED}
    page = press(there.follow(), "go", project=["project-002"]).follow()
    form = last_form(page)
    assert page.request.path == f"/~{handle}{ADD}"
    assert typed_into(form) == TYPED
    form["confirm-password"] = person.password
    assert form.submit().html.h1.text == "API token created"
    with instance.work() as work:
        assert [token.projects for token in listing.working(work, person.account_id)] == [["project-002"]]


@pytest.mark.usefixtures("person")
def test_leaving_to_choose_creates_nothing_and_needs_no_valid_form(
    instance: Instance, site: Site, person: Someone
) -> None:
    form = last_form(site.get(ADD))
    form["networks"] = "nonsense"
    page = press(form.submit("choose").follow(), "go").follow()
    assert last_form(page)["networks"].value == "nonsense"
    with instance.work() as work:
        assert listing.working(work, person.account_id) == []


@pytest.mark.usefixtures("person")
def test_text_too_long_for_an_address_stays_in_the_form_and_is_told(site: Site) -> None:
    form = last_form(site.get(ADD))
    form["networks"] = "192.0.2.0/24 " * 5000
    refused = form.submit("choose", expect_errors=True)
    assert refused.status_int == 422
    assert "too long" in refused.html.find(class_="summary").text
    assert len(last_form(refused)["networks"].value) > 60_000


@pytest.mark.usefixtures("person")
def test_the_first_button_of_the_form_which_the_enter_key_presses_is_the_one_that_creates(site: Site) -> None:
    buttons = site.get(ADD).html.main.find_all("button")
    assert [button.text for button in buttons] == ["Create token", "Find and choose projects"]


def test_fifty_projects_of_a_token_and_all_limits_fit_into_an_address_that_every_server_takes(
    instance: Instance, site: Site, person: Someone
) -> None:
    names = [f"name-{number:02}-of-thirty-characters--"[:30].rstrip("-") for number in range(50)]
    with instance.work() as work:
        for name in names:
            add_project(work, person.account_id, name)
    networks = " ".join(f"2001:db8:ffff:{number:x}::/64" for number in range(20))
    form = last_form(site.get(f"{ADD}?{urlencode([('project', name) for name in names])}"))
    for name, value in {**TYPED, "name": "é" * 100, "networks": networks}.items():
        form[name] = value
    there = form.submit("choose").location
    assert there.count("project=name-") == 50
    assert len(there) < 7000
