"""Ways back into an account, and who else is in it: a forgotten password, a lost phone, another session."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.journeys.authenticator import Authenticator
from tests.journeys.browser import FOUR, Blocking, chromium
from tests.journeys.members import elsewhere, member
from tests.journeys.person import CODE, Person
from tests.journeys.proof import handles_seen, prove_blocking
from tests.journeys.recorder import Recorder
from tests.journeys.timed import TimedDoorward
from tests.support.serving import links
from tests.support.visitor import Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

APP_NAME = "Name for this authenticator app"


@pytest.mark.parametrize("blocking", FOUR, ids=str)
def test_a_forgotten_password_a_lost_phone_and_a_session_elsewhere(
    blocking: Blocking, timed: TimedDoorward, recorder: Recorder, playwright: Playwright, tmp_path: Path
) -> None:
    Visitor(timed).register_first()
    with chromium(playwright, tmp_path, blocking) as page:
        prove_blocking(page, blocking, recorder)
        bea = member(page, timed, "bea")
        bea.come_in(blocking)
        bea.add_authenticator()
        bea.sign_out()
        forget_password(bea, blocking)
        phone, tablet = add_second_app(bea, blocking)
        change_apps(bea, tablet)
        come_back_with_recovery_code(bea, phone, tablet, blocking)
        end_session_elsewhere(bea, blocking)
    assert bool(handles_seen(blocking, recorder, timed.log())) is not blocking.cookies


def forget_password(bea: Person, blocking: Blocking) -> None:
    """From the sign-in page to a new password and in again; neither the old one nor the link is of use any more."""
    link = ask_for_letter(bea)
    forgotten = bea.password
    choose_password(bea, link, "eleven copper kettles beneath the bridge")
    bea.follow("Sign in")
    refused_with(bea, forgotten)
    try_link_again(bea, link)
    bea.come_in(blocking)


def ask_for_letter(bea: Person) -> str:
    """The link to choose a new password."""
    bea.open("/account/login/")
    bea.follow("Forgotten your password?")
    bea.arrives("Forgotten your password?")
    bea.press("Send me the letter")
    bea.is_corrected("User name or e-mail address", "Enter your user name or e-mail address.")
    bea.fill("User name or e-mail address", bea.username)
    bea.press("Send me the letter")
    bea.arrives("Check your mail")
    return links(bea.doorward.letter(bea.email, "Choose a new password"))[0]


def choose_password(bea: Person, link: str, password: str) -> None:
    """Two mistakes, each of which says what to do; then it is done."""
    bea.open(link)
    bea.arrives("Choose a new password")
    bea.finds("User name", bea.username)
    type_twice(bea, "too short", "too short")
    bea.is_corrected("New password", "This password is too short. Use at least 15 characters.")
    type_twice(bea, password, f"{password}.")
    bea.is_corrected("New password again", "The two new passwords differ. Type the same one twice.")
    type_twice(bea, password, password)
    bea.arrives("Password changed")
    bea.password = password


def type_twice(bea: Person, first: str, second: str) -> None:
    """A new password, and again."""
    bea.fill("New password", first)
    bea.fill("New password again", second)
    bea.press("Change password")


def refused_with(bea: Person, forgotten: str) -> None:
    """The old password opens nothing; the name that was typed is kept."""
    bea.fill("User name or e-mail address", bea.username)
    bea.fill("Password", forgotten)
    bea.press("Sign in")
    bea.is_corrected("User name or e-mail address", "User name or password is wrong. Check both and try again.")
    bea.finds("User name or e-mail address", bea.username)


def try_link_again(bea: Person, link: str) -> None:
    """The used link says so and leads to a new letter."""
    bea.open(link)
    bea.arrives("This link was used already")
    assert "It was for choosing a new password" in bea.text()
    bea.follow("Ask for a new letter")
    bea.arrives("Forgotten your password?")


def add_second_app(bea: Person, blocking: Blocking) -> tuple[Authenticator, Authenticator]:
    """The phone and a tablet beside it; the tablet's code signs in."""
    phone = bea.app
    bea.follow("Two-factor authentication")
    bea.follow("Add another authenticator app")
    bea.fill(APP_NAME, "my phone")
    bea.confirm(with_code=True)
    bea.press("Continue")
    bea.is_corrected(APP_NAME, "One of your authenticator apps has this name already. Choose another name.")
    bea.fill(APP_NAME, "my tablet")
    bea.press("Continue")
    bea.arrives("Connect your authenticator app")
    tablet = bea.new_app()
    bea.fill(CODE, "12345")
    bea.press("Add this authenticator app")
    bea.is_corrected(CODE, "The code from your authenticator app has 6 digits. Type the 6 digits that it shows now.")
    assert bea.new_app().totp.secret == tablet.totp.secret
    bea.fill(CODE, tablet.code())
    bea.press("Add this authenticator app")
    bea.is_told("Authenticator app my tablet added.")
    bea.doorward.letter(bea.email, "uthenticator")
    bea.sign_out()
    bea.app = tablet
    bea.come_in(blocking)
    return phone, tablet


def change_apps(bea: Person, tablet: Authenticator) -> None:
    """The phone gets another name and is then removed."""
    bea.follow("Two-factor authentication")
    bea.follow("Rename my phone")
    bea.arrives("Rename authenticator app “my phone”", title="Rename an authenticator app")
    bea.fill(APP_NAME, "the lost phone")
    bea.press("Rename")
    bea.is_corrected("Password", "Enter your password.")
    bea.finds(APP_NAME, "the lost phone")
    bea.confirm(with_code=True)
    bea.press("Rename")
    bea.is_told("Authenticator app renamed to the lost phone")
    bea.follow("Remove the lost phone")
    bea.arrives("Remove authenticator app “the lost phone”?", title="Remove an authenticator app")
    bea.confirm(with_code=True)
    bea.press("Remove")
    bea.is_told("Authenticator app the lost phone removed")
    expect(bea.page.locator("tbody th")).to_have_text("my tablet")


def come_back_with_recovery_code(bea: Person, phone: Authenticator, tablet: Authenticator, blocking: Blocking) -> None:
    """The removed phone opens nothing; a recovery code does, once."""
    recovery_code = bea.recovery_codes[0]
    bea.sign_out()
    ask_code(bea)
    type_code(bea, phone.code())
    bea.is_corrected(
        CODE, "This code is wrong. Type the code that your authenticator app shows now, or a recovery code."
    )
    type_code(bea, recovery_code.replace("-", " "))
    bea.is_in(blocking)
    bea.doorward.letter(bea.email, "ecovery code")
    bea.follow("Two-factor authentication")
    assert "9 unused codes are left." in bea.text()
    bea.sign_out()
    ask_code(bea)
    type_code(bea, recovery_code)
    bea.is_corrected(CODE, "This recovery code was used already. Type another one.")
    type_code(bea, tablet.code())
    bea.is_in(blocking)


def ask_code(bea: Person) -> None:
    """The right password, so that the code is asked for alone."""
    bea.open("/account/login/")
    bea.give_password()
    bea.arrives("Enter your code")


def type_code(bea: Person, code: str) -> None:
    """A code on the page that asks for it."""
    bea.fill(CODE, code)
    bea.press("Sign in")


def end_session_elsewhere(bea: Person, blocking: Blocking) -> None:
    """Of two sessions the other one is ended, and is out with its next step."""
    other = elsewhere(bea, takes_cookies=blocking.cookies)
    inside = other.path
    bea.follow("Where you are signed in")
    bea.arrives("Where you are signed in")
    expect(bea.page.locator("tbody tr")).to_have_count(2)
    bea.page.get_by_role("button", name=re.compile("^End session ")).click()
    bea.is_told("Session ended")
    assert "You are signed in nowhere else." in bea.text()
    other.open(inside)
    assert other.heading == ("Sign in" if blocking.cookies else "Page not found")
