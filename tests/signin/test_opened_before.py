"""A form that was opened before its sender signed in anew, in another tab, keeps what was typed (WCAG 2.2.5)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from portal.kernel.work import Instance
from portal.tokens.models import Token
from portal.web.tokens import TOKEN
from tests.support.instances import BASE_URL
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site

ADD = "/manage/account/tokens/add/"
SENTENCE = "This form was opened before you signed in. Check it, then press the button again."


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody without a second factor."""
    return make_person(instance)


def tokens(instance: Instance) -> int:
    """How many tokens there are."""
    with instance.work() as work:
        return work.db.scalar(select(func.count()).select_from(Token)) or 0


def opened(site: Site) -> Any:
    """The token form in one tab, filled in."""
    form = last_form(site.get(ADD))
    form["name"], form["scope"], form["expires"] = "ci upload", "everything", "30"
    return form


def sign_in_anew(site: Site, person: Someone) -> None:
    """In another tab: sign out, then in."""
    last_form(site.get("/account/logout/")).submit()
    assert sign_in(site, person).status_int == 303


def plain(site: Site) -> None:
    """Let the browser say nothing of its own accord about where a form comes from."""
    for name in ("HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_DEST"):
        del site.extra_environ[name]


def test_the_form_comes_back_filled_in_and_acts_only_when_the_button_is_pressed_again(
    instance: Instance, site: Site, person: Someone
) -> None:
    sign_in(site, person)
    form = opened(site)
    sign_in_anew(site, person)
    again = form.submit(expect_errors=True)
    assert again.status_int == 422
    assert SENTENCE in again.html.find("main").get_text()
    assert again.html.title.get_text().startswith(f"Error: {SENTENCE}")
    assert last_form(again)["name"].value == "ci upload"
    assert tokens(instance) == 0
    assert last_form(again).submit().status_int == 200
    assert tokens(instance) == 1


def test_the_header_origin_shows_as_well_where_the_form_comes_from(
    instance: Instance, site: Site, person: Someone
) -> None:
    plain(site)
    sign_in(site, person)
    form = opened(site)
    sign_in_anew(site, person)
    again = form.submit(headers={"Origin": BASE_URL}, expect_errors=True)
    assert (again.status_int, last_form(again)["name"].value, tokens(instance)) == (422, "ci upload", 0)


def test_a_browser_that_does_not_say_where_the_form_comes_from_is_refused(
    instance: Instance, site: Site, person: Someone
) -> None:
    plain(site)
    sign_in(site, person)
    form = opened(site)
    sign_in_anew(site, person)
    assert form.submit(expect_errors=True).status_int == 400
    assert tokens(instance) == 0


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_another_site_gets_nothing_shown(instance: Instance, site: Site, person: Someone, said: dict[str, str]) -> None:
    sign_in(site, person)
    form = opened(site)
    sign_in_anew(site, person)
    refused = form.submit(headers=said, expect_errors=True)
    assert refused.status_int == 403
    assert "ci upload" not in refused.text


def test_the_form_of_somebody_else_is_refused(instance: Instance, site: Site, person: Someone) -> None:
    sign_in(site, make_person(instance, "bob"))
    form = opened(site)
    sign_in_anew(site, person)
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 400
    assert "ci upload" not in refused.text
    assert tokens(instance) == 0


@pytest.mark.parametrize("text", ["", "x", "A" * 68])
def test_a_form_without_a_token_of_ours_is_refused(instance: Instance, site: Site, person: Someone, text: str) -> None:
    sign_in(site, person)
    form = opened(site)
    form[TOKEN].force_value(text)
    assert form.submit(expect_errors=True).status_int == 400
    assert tokens(instance) == 0


def test_no_password_comes_back(instance: Instance, site: Site, person: Someone) -> None:
    sign_in(site, person)
    form = last_form(site.get("/manage/account/password/"))
    form["new_password"] = "a much longer walk by the sea"
    form["confirm-password"] = person.password
    sign_in_anew(site, person)
    again = form.submit(expect_errors=True)
    assert again.status_int == 422
    assert "a much longer walk" not in again.text
    assert person.password not in again.text
    site.reset()
    assert sign_in(site, person).status_int == 303
