"""Going away: for hours, with a form half filled in; and for good, with a change of mind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.journeys.browser import FOUR, Blocking, chromium
from tests.journeys.clients import PROJECT, Package, upload
from tests.journeys.members import member
from tests.journeys.person import CODE, Person
from tests.journeys.proof import handles_seen, prove_blocking
from tests.journeys.recorder import Recorder
from tests.journeys.timed import TimedDoorward
from tests.support.visitor import Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

LOGIN = "User name or e-mail address"
ALL_PROJECTS = "Every project that I can upload to, and new projects"


@pytest.mark.parametrize("blocking", FOUR, ids=str)
def test_what_was_begun_before_a_long_break_is_finished_and_a_closed_account_is_kept_after_all(
    blocking: Blocking,
    timed: TimedDoorward,
    recorder: Recorder,
    package: Package,
    playwright: Playwright,
    tmp_path: Path,
) -> None:
    Visitor(timed).register_first()
    with chromium(playwright, tmp_path, blocking) as page:
        prove_blocking(page, blocking, recorder)
        bea = member(page, timed, "bea")
        sign_in_a_day_later(bea, blocking)
        bea.add_authenticator()
        find_code_too_late(bea, blocking)
        token = send_form_too_late(bea)
        follow_link_too_late(bea, blocking)
        own_project_alone(bea, token, package, tmp_path)
        cleo = member(page, timed, "cleo")
        cleo.come_in(blocking)
        close_account(cleo)
        come_back(cleo, blocking)
        keep_account(cleo)
    assert bool(handles_seen(blocking, recorder, timed.log())) is not blocking.cookies


def sign_in_a_day_later(bea: Person, blocking: Blocking) -> None:
    """A sign-in form that was left open for a day still signs in, and in no lesser mode."""
    bea.open("/account/login/")
    bea.doorward.pass_time(timedelta(days=1))
    bea.give_password()
    if not blocking.cookies:
        accept_limited_mode_too_late(bea)
    bea.is_in(blocking)


def accept_limited_mode_too_late(bea: Person) -> None:
    """The offer is good for ten minutes; after that the password is typed again, and nothing else."""
    bea.arrives("Your browser takes no cookies")
    bea.doorward.pass_time(timedelta(minutes=15))
    bea.press("Continue in limited mode")
    is_asked_again(bea)
    bea.press("Sign in")


def is_asked_again(bea: Person) -> None:
    """For the password alone, and why."""
    bea.is_corrected("Password", "Too much time or too many tries have passed. Enter your password again.")
    bea.finds(LOGIN, bea.username)
    bea.fill("Password", bea.password)


def find_code_too_late(bea: Person, blocking: Blocking) -> None:
    """Whoever looks for the phone for a quarter of an hour types the password again, and nothing else."""
    bea.sign_out()
    bea.open("/account/login/")
    bea.give_password()
    bea.arrives("Enter your code")
    bea.doorward.pass_time(timedelta(minutes=15))
    bea.fill(CODE, bea.app.code())
    bea.press("Sign in")
    is_asked_again(bea)
    bea.fill(CODE, bea.app.code())
    bea.press("Sign in")
    bea.is_in(blocking)


def send_form_too_late(bea: Person) -> str:
    """A form sent after hours: signing in on the same page, then the form again, filled in; its button acts once.

    The API token that comes of it.
    """
    bea.follow("API tokens")
    bea.follow("Create an API token")
    bea.fill("Name", "nightly build")
    bea.choose(ALL_PROJECTS)
    bea.choose("30 days")
    bea.doorward.pass_time(timedelta(hours=3))
    bea.press("Create token")
    sign_in_on_the_way(bea)
    bea.arrives("Create an API token")
    bea.finds("Name", "nightly build")
    for choice in (ALL_PROJECTS, "30 days"):
        expect(bea.page.get_by_label(choice, exact=True)).to_be_checked()
    bea.confirm()
    bea.press("Create token")
    bea.reads("API token created")
    token = bea.page.get_by_label("Your API token").input_value()
    bea.follow("API tokens")
    expect(bea.page.locator("tbody tr")).to_have_count(1)
    return token


def sign_in_on_the_way(bea: Person) -> None:
    """The page that keeps what was typed; a mistake there loses nothing."""
    bea.reads("Sign in to go on")
    assert "What you typed is kept." in bea.text()
    bea.finds("User name", bea.username)
    bea.fill("Password", "not the password at all")
    bea.press("Sign in")
    bea.is_corrected("Password", "The password is wrong. Try again.")
    bea.fill("Password", bea.password)
    bea.fill(CODE, bea.app.code())
    bea.press("Sign in")


def follow_link_too_late(bea: Person, blocking: Blocking) -> None:
    """A link followed after hours: asked once, then on the page that was wanted."""
    bea.doorward.pass_time(timedelta(hours=3))
    bea.follow("Security history")
    bea.arrives("Sign in")
    bea.fill(LOGIN, bea.username)
    bea.fill("Password", bea.password)
    bea.fill(CODE, bea.app.code())
    bea.press("Sign in")
    bea.is_in(blocking, "Security history")
    assert "nightly build" in bea.text()


def own_project_alone(bea: Person, token: str, package: Package, folder: Path) -> None:
    """The only owner of a project is offered no button, but the page on which to invite another owner."""
    done = upload(bea.doorward.url, token, [package.wheel], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    bea.follow("Close your account")
    bea.arrives("Close your account")
    assert "nobody else owns these projects" in bea.text()
    expect(bea.page.locator("main button")).to_have_count(0)
    bea.follow(f"Who works on {PROJECT}")
    bea.arrives(f"Who works on {PROJECT}")
    expect(bea.page.get_by_role("link", name="Invite a person")).to_be_visible()
    bea.sign_out()


def close_account(cleo: Person) -> None:
    """The page says what follows and asks for the password; then everybody is signed out."""
    cleo.follow("Close your account")
    cleo.arrives("Close your account")
    assert "You have no projects." in cleo.text()
    cleo.press("Close my account")
    cleo.is_corrected("Password", "Enter your password.")
    cleo.confirm()
    cleo.press("Close my account")
    cleo.arrives("Your account is closed")
    cleo.doorward.letter(cleo.email, "lose")


def come_back(cleo: Person, blocking: Blocking) -> None:
    """Signing in still works, for one thing only."""
    cleo.doorward.pass_time(timedelta(days=13))
    cleo.sign_in()
    cleo.is_in(blocking, "Keep your account?")
    assert cleo.page.get_by_role("navigation", name="Your account").count() == 0
    expect(cleo.page.locator("main button")).to_have_text("Keep my account")
    cleo.follow(cleo.username)
    cleo.arrives("Keep your account?", title="Keep your account")


def keep_account(cleo: Person) -> None:
    """The account goes on as it was."""
    cleo.press("Keep my account")
    cleo.is_corrected("Password", "Enter your password.")
    cleo.confirm()
    cleo.press("Keep my account")
    cleo.is_told("Your account is kept")
    cleo.reads("Your account")
    assert "Account kept after it had been closed" in cleo.history()
