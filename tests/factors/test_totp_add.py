"""Setting up an authenticator app, as a person does it: in both modes, with every mistake."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import segno

from portal.factors.recovery.codes import new_codes
from portal.kernel.work import Instance
from tests.factors.pages import (
    ADD,
    BOTH_MODES,
    OVERVIEW,
    apps,
    browser_of,
    code_for,
    fill,
    history,
    key_on,
    listed_codes,
    problems,
    send,
    to_the_key,
)
from tests.factors.people import add_app, forget_confirmation
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody with a confirmed address and a password alone, signed in with cookies."""
    person = make_person(instance)
    sign_in(site, person)
    return person


def picture_on(page: Any) -> list[list[int]]:
    """The dark modules of the QR code as the page draws it, without the light border."""
    svg = page.html.find("svg")
    size = int(svg["viewbox"].split()[2])
    drawn = [[0] * size for _ in range(size)]
    for column, row, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg.find("path")["d"]):
        for offset in range(int(length)):
            drawn[int(row)][int(column) + offset] = 1
    assert not any(drawn[0] + drawn[3] + drawn[-1] + drawn[-4])
    return [row[4:-4] for row in drawn[4:-4]]


@BOTH_MODES
def test_three_steps_turn_it_on_and_the_password_is_asked_once(instance: Instance, site: Site, limited: bool) -> None:
    person = make_person(instance)
    browser, start = browser_of(site, person, limited=limited)

    first = browser.get(f"{start}{OVERVIEW}").click("Set up an authenticator app")
    assert "about 3 minutes" in first.text
    second = send(first, name="my phone", confirm_password=person.password)
    assert second.status_int == 200
    assert len(listed_codes(second)) == 10
    third = send(second, codes=listed_codes(second)[4].upper().replace("-", " "))
    assert third.status_int == 200
    assert apps(instance, person.account_id) == 0
    answer = send(third, code=code_for(instance, third))

    result = answer.follow()
    assert "Two-factor authentication is on. Authenticator app my phone added." in result.html.title.text
    assert "my phone" in result.html.find("table").text
    assert "10 unused codes are left." in " ".join(result.text.split())
    assert history(instance, person.account_id) == ["recovery_codes.created", "authenticator.added"]


@BOTH_MODES
def test_signing_in_asks_for_a_code_from_then_on(instance: Instance, site: Site, limited: bool) -> None:
    person = make_person(instance)
    browser, start = browser_of(site, person, limited=limited)
    page = to_the_key(browser, person, start=start + ADD)
    codes = code_for(instance, page, -1), code_for(instance, page)
    send(page, code=codes[0])
    other = Site(site.application)
    assert "authenticator app" in sign_in(other, person).html.find("main").text
    assert sign_in(other, person, code=codes[1]).status_int == 303


@BOTH_MODES
def test_nothing_secret_stands_in_a_page_that_is_only_opened(instance: Instance, site: Site, limited: bool) -> None:
    person = make_person(instance)
    browser, start = browser_of(site, person, limited=limited)
    second = send(browser.get(start + ADD), name="my phone", confirm_password=person.password)
    third = send(second, codes=listed_codes(second)[0])
    secrets = [*listed_codes(second), third.html.find(id="key")["value"], "otpauth:", "<svg"]
    send(third, code=code_for(instance, third))
    for path in (OVERVIEW, ADD, "/manage/account/two-factor/recovery-codes/", "/manage/account/history/"):
        text = browser.get(start + path).text
        assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("step", ["codes", "download", "digits"])
def test_no_step_can_be_reached_by_opening_a_link(site: Site, person: Someone, step: str) -> None:
    assert person.username
    page = site.get(f"{ADD}?step={step}&carried=x")
    assert not listed_codes(page)
    assert page.html.find("svg") is None


@BOTH_MODES
def test_without_the_password_nothing_begins(instance: Instance, site: Site, limited: bool) -> None:
    person = make_person(instance)
    browser, start = browser_of(site, person, limited=limited)
    page = browser.get(start + ADD)
    for password in ("", "not the password"):
        refused = send(page, name="my phone", confirm_password=password)
        assert "password" in problems(refused)
        assert not listed_codes(refused)


@BOTH_MODES
def test_a_later_step_without_proof_asks_to_confirm_and_keeps_its_page(
    instance: Instance, site: Site, limited: bool
) -> None:
    person = make_person(instance)
    browser, start = browser_of(site, person, limited=limited)
    page = to_the_key(browser, person, start=start + ADD)
    form = fill(page, code=code_for(instance, page))
    form["_proof"] = "x"
    refused = form.submit(expect_errors=True)
    assert "Enter your password." in problems(refused)
    assert key_on(refused) == key_on(page)
    assert apps(instance, person.account_id) == 0
    send(refused, code=code_for(instance, page), confirm_password=person.password)
    assert apps(instance, person.account_id) == 1


def test_after_ten_minutes_the_step_asks_to_confirm_and_goes_on(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    page = send(site.get(ADD), name="my phone", confirm_password=person.password)
    clock.advance(timedelta(minutes=9))
    third = send(page, codes=listed_codes(page)[0])
    assert third.status_int == 200
    clock.advance(timedelta(minutes=1))
    refused = send(third, code=code_for(instance, third))
    assert "Enter your password." in problems(refused)
    send(refused, code=code_for(instance, third), confirm_password=person.password)
    assert apps(instance, person.account_id) == 1


def test_what_a_password_alone_has_opened_is_closed_by_the_second_factor(
    instance: Instance, site: Site, person: Someone
) -> None:
    early = to_the_key(site, person)
    add_app(instance, person.account_id)
    refused = send(early, code=code_for(instance, early))
    assert "authenticator app" in problems(refused)
    assert apps(instance, person.account_id) == 1


def test_an_empty_name_is_told_and_the_password_is_not_shown_again(site: Site, person: Someone) -> None:
    refused = send(site.get(ADD), name=" ", confirm_password=person.password)
    assert "Enter a name" in problems(refused)
    assert person.password not in refused.text


@pytest.mark.parametrize("name", ["x" * 51, "a\u202eb", "a\x07b"])
def test_a_bad_name_is_told(site: Site, person: Someone, name: str) -> None:
    problems(send(site.get(ADD), name=name, confirm_password=person.password))


@pytest.mark.parametrize("typed", ["", "k3vw-8fhd-92mq-0pxs-1r6b", "\u0661", "x" * 20_000])
def test_without_one_of_the_codes_the_same_codes_are_shown_again(site: Site, person: Someone, typed: str) -> None:
    page = send(site.get(ADD), name="my phone", confirm_password=person.password)
    refused = send(page, codes=typed)
    assert "recovery codes on this page" in problems(refused)
    assert listed_codes(refused) == listed_codes(page)
    assert send(refused, codes=listed_codes(page)[9]).html.find("svg")


def test_the_whole_list_can_be_pasted(site: Site, person: Someone) -> None:
    page = send(site.get(ADD), name="my phone", confirm_password=person.password)
    assert send(page, codes="\r\n".join(listed_codes(page))).html.find("svg")


def test_the_codes_of_another_window_are_none_of_this_one(site: Site, person: Someone) -> None:
    one = send(site.get(ADD), name="my phone", confirm_password=person.password)
    two = send(site.get(ADD), name="my phone", confirm_password=person.password)
    assert not set(listed_codes(one)) & set(listed_codes(two))
    problems(send(one, codes=listed_codes(two)[0]))
    assert send(one, codes=listed_codes(one)[0]).html.find("svg")


def test_the_list_is_downloaded_as_a_file_and_the_page_can_go_on(site: Site, person: Someone) -> None:
    page = send(site.get(ADD), name="my phone", confirm_password=person.password)
    file = last_form(page).submit("download")
    assert file.content_type == "text/plain"
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes-ada.txt"'
    assert "no-store" in file.headers["Cache-Control"]
    assert [line for line in file.text.split("\r\n") if line in listed_codes(page)] == listed_codes(page)
    assert "Recovery codes of ada for Doorward, http://localhost" in file.text
    assert send(page, codes=file.text).html.find("svg")


def test_a_download_without_proof_asks_to_confirm(site: Site, person: Someone) -> None:
    page = send(site.get(ADD), name="my phone", confirm_password=person.password)
    form = last_form(page)
    form["_proof"] = ""
    refused = form.submit("download", expect_errors=True)
    assert "Enter your password." in problems(refused)
    form = fill(refused, confirm_password=person.password)
    assert form.submit("download").content_type == "text/plain"


def test_the_key_stands_as_picture_link_and_text(site: Site, person: Someone) -> None:
    page = to_the_key(site, person)
    uri = page.html.find("a", href=re.compile("^otpauth:"))["href"]
    read = pyotp.parse_uri(uri)
    assert (read.issuer, read.name) == ("Doorward (localhost)", "ada")
    assert read.byte_secret() == key_on(page)
    assert [list(row) for row in segno.make(uri, error="m", micro=False).matrix] == picture_on(page)
    assert page.html.find("svg")["role"] == "img"
    assert page.html.find(id=page.html.find("svg")["aria-labelledby"]).text.startswith("QR code")
    assert page.html.find("label", attrs={"for": "key"})
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.html.find(id="key")["value"])


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "\u00b2" * 6])
def test_what_is_no_code_is_told_and_the_same_key_shown_again(site: Site, person: Someone, typed: str) -> None:
    page = to_the_key(site, person)
    refused = send(page, code=typed)
    assert "6 digits" in problems(refused)
    assert key_on(refused) == key_on(page)


def test_a_wrong_code_is_told_and_the_same_key_shown_again(instance: Instance, site: Site, person: Someone) -> None:
    page = to_the_key(site, person)
    wrong = f"{(int(code_for(instance, page)) + 1) % 1_000_000:06}"
    refused = send(page, code=wrong)
    assert "does not fit the key on this page" in problems(refused)
    assert wrong not in refused.text
    assert key_on(refused) == key_on(page)
    assert send(refused, code=code_for(instance, page)).status_int == 303


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (-2, "about 1 minute behind"),
        (-6, "about 3 minutes behind"),
        (2, "about 1 minute ahead"),
        (20, "10 minutes ahead"),
    ],
)
def test_a_wrong_clock_is_told(instance: Instance, site: Site, person: Someone, ahead: int, sentence: str) -> None:
    page = to_the_key(site, person)
    assert sentence in problems(send(page, code=code_for(instance, page, ahead)))
    assert apps(instance, person.account_id) == 0


def test_the_button_pressed_twice_adds_one_app(instance: Instance, site: Site, person: Someone) -> None:
    page = to_the_key(site, person)
    code = code_for(instance, page)
    other = code_for(instance, page, 1)
    assert send(page, code=code).status_int == 303
    form = fill(page, code=other, **{"_proof": ""})
    refused = form.submit(expect_errors=True)
    again = send(refused, code=other, confirm_password=person.password, confirm_code=other)
    assert again.status_int == 303
    assert apps(instance, person.account_id) == 1


def test_a_reload_of_any_step_makes_nothing(instance: Instance, site: Site, person: Someone) -> None:
    form = fill(site.get(ADD), name="my phone", **{"confirm_password": person.password})
    pages = [form.submit(), form.submit()]
    again = last_form(pages[1])
    again["codes"] = listed_codes(pages[1])[0]
    assert key_on(again.submit()) == key_on(again.submit())
    assert apps(instance, person.account_id) == 0
    assert history(instance, person.account_id) == []


@pytest.mark.parametrize("carried", ["", "AAAA", "é", "x" * 3000])
@pytest.mark.parametrize("step", ["codes", "digits"])
def test_a_step_that_is_none_of_ours_is_400(site: Site, person: Someone, step: str, carried: str) -> None:
    page = to_the_key(site, person)
    form = last_form(page)
    form["step"], form["carried"] = step, carried
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 400
    assert "Open the page again" in answer.text


def test_the_codes_step_cannot_be_left_out(instance: Instance, site: Site, person: Someone) -> None:
    page = send(site.get(ADD), name="my phone", confirm_password=person.password)
    form = last_form(page)
    form["step"] = "digits"
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 400
    assert answer.html.find("svg") is None
    assert apps(instance, person.account_id) == 0


def test_after_an_hour_one_begins_again(site: Site, person: Someone, clock: FixedClock) -> None:
    page = to_the_key(site, person)
    for _ in range(6):
        clock.advance(timedelta(minutes=10))
        site.get(OVERVIEW)
    assert send(page, code="123456").status_int == 400


def test_a_further_app_needs_password_and_code_and_shows_no_codes(
    instance: Instance, site: Site, person: Someone
) -> None:
    app = add_app(instance, person.account_id, "my phone")
    page = site.get(OVERVIEW).click("Add another authenticator app")
    refused = send(page, name="my tablet", confirm_password=person.password)
    assert "authenticator app" in problems(refused)
    taken = send(page, name="My Phone", confirm_password=person.password, confirm_code=app.code(instance))
    assert "has this name already" in problems(taken)
    key = send(taken, name="my tablet")
    assert not listed_codes(key)
    assert "Step 2 of 2" in key.text
    result = send(key, code=code_for(instance, key)).follow()
    assert "Authenticator app my tablet added." in result.html.title.text
    assert history(instance, person.account_id)[-1] == "authenticator.added"


@BOTH_MODES
def test_without_a_confirmed_address_the_page_says_how_to_go_on(instance: Instance, site: Site, limited: bool) -> None:
    person = make_person(instance, confirmed=False)
    browser, start = browser_of(site, person, limited=limited)
    page = browser.get(start + ADD)
    assert page.html.h1.text == "Confirm your e-mail address first"
    assert page.click("Go to your e-mail addresses").status_int == 200


def test_the_address_is_asked_for_at_every_step(instance: Instance, site: Site, person: Someone) -> None:
    first = site.get(ADD)
    third = to_the_key(site, person)
    forget_confirmation(instance, person.account_id)
    for page, fields in ((first, {"name": "x"}), (third, {"code": code_for(instance, third)})):
        answer = send(page, **fields)
        assert answer.status_int == 403
        assert answer.html.h1.text == "Confirm your e-mail address first"
    assert apps(instance, person.account_id) == 0


def test_a_stranger_is_asked_to_sign_in(site: Site) -> None:
    answer = site.get(ADD)
    assert answer.status_int == 303
    assert "/account/login/" in answer.headers["Location"]


def test_new_codes_are_never_those_of_another_list() -> None:
    assert not {code.text for code in new_codes()} & {code.text for code in new_codes()}
