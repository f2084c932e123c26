"""Choosing projects among many, without script."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kernel.work import Instance
from portal.tokens import service
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site
from tests.tokens.made import add_project

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
    page = site.get(f"/manage/account/tokens/{token.id}/narrow/").click("Find and choose projects")
    page = press(page, "go", project=["project-001"]).follow()
    assert page.request.path == f"/manage/account/tokens/{token.id}/narrow/"
    assert last_form(page)["projects"].checked
    assert site.get(f"{CHOOSE}?token={person.account_id}", expect_errors=True).status_int == 404


@pytest.mark.usefixtures("person")
def test_the_page_stays_within_its_bytes(site: Site) -> None:
    page = site.get(CHOOSE, headers={"Accept-Encoding": "gzip"})
    assert len(page.body) < 14_000
