from __future__ import annotations

from typing import Any

import pytest

from portal.accounts import service
from portal.kernel.work import Instance
from tests.accounts.people import Happened
from tests.support.instances import Bed
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

PAGE = "/manage/account/language/"
PSEUDO = f"/en-XA{PAGE}"


def choose(site: Site, language: str, page: str = PSEUDO) -> Any:
    form = last_form(site.get(page))
    form["language"] = language
    return form.submit(expect_errors=True)


def locale(instance: Instance, person: Someone) -> str | None:
    with instance.work() as work:
        return service.find(work, person.account_id).locale


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody who has chosen no language."""
    return make_person(instance)


def test_the_page_offers_every_language_by_its_own_name_and_the_browsers(site: Site, person: Someone) -> None:
    sign_in(site, person)
    page = site.get(PAGE)
    names = {label.get_text(strip=True): label.bdi.get("lang") for label in page.html.select("main .choice label")}
    assert names["The language that my browser asks for"] is None
    assert names["English"] == "en"
    assert "en-XA" not in names.values()
    assert last_form(page)["language"].value == ""


def test_a_chosen_language_is_that_of_the_pages_from_then_on(
    instance: Instance, site: Site, person: Someone, happened: Happened
) -> None:
    sign_in(site, person)
    answer = choose(site, "en-XA")
    assert answer.headers["Location"] == f"http://localhost{PAGE}"
    assert locale(instance, person) == "en_XA"
    page = answer.follow()
    assert page.html.html["lang"] == "en-XA"
    assert last_form(page)["language"].value == "en-XA"
    assert happened.kinds[-1] == "account.language_chosen"


def test_the_choice_is_left_to_the_browser_again(
    instance: Instance, site: Site, person: Someone, happened: Happened
) -> None:
    sign_in(site, person)
    choose(site, "en-XA")
    page = choose(site, "").follow()
    assert locale(instance, person) is None
    assert page.html.html["lang"] == "en"
    assert happened.kinds[-1] == "account.language_left_to_browser"


def test_choosing_the_same_again_is_no_event(site: Site, person: Someone, happened: Happened) -> None:
    sign_in(site, person)
    choose(site, "en", PAGE)
    choose(site, "en", PAGE)
    assert happened.kinds.count("account.language_chosen") == 1


@pytest.mark.parametrize("language", ["xx", "en_XA", "../en"])
def test_a_language_that_is_not_on_offer_is_refused(
    instance: Instance, site: Site, person: Someone, language: str
) -> None:
    sign_in(site, person)
    form = last_form(site.get(PAGE))
    form["language"].force_value(language)
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "Choose one of the values on offer." in answer.text
    assert locale(instance, person) is None


def test_in_limited_mode_the_answer_stays_below_the_handle(instance: Instance, bed: Bed, person: Someone) -> None:
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, person)
    form = last_form(site.get(f"/~{handle}{PSEUDO}"))
    form["language"], form["confirm-password"] = "en-XA", PASSWORD
    answer = form.submit()
    assert answer.headers["Location"] == f"http://localhost/~{handle}{PAGE}"
    assert locale(instance, person) == "en_XA"


def test_a_stranger_is_sent_to_sign_in(instance: Instance, site: Site) -> None:
    assert "/account/login/" in site.get(PAGE).headers["Location"]


def test_where_there_is_english_only_the_page_says_so(site: Site, person: Someone) -> None:
    sign_in(site, person)
    assert "Only English is available so far." in site.get(PAGE).html.main.get_text()
    assert "Only English is available so far." not in site.get(PSEUDO).html.main.get_text()
