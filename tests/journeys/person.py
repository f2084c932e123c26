"""Somebody at a browser: presses what is named, reads what is shown, and knows a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.journeys.authenticator import Authenticator
from tests.journeys.browser import Blocking
from tests.journeys.timed import TimedDoorward
from tests.support.serving import Doorward, links

CODE = "Code from your authenticator app"
HANDLE = re.compile(r"/~[a-z2-7]{26}(?=/)")


@dataclass
class Person:
    """One person with one browser."""

    page: Page
    doorward: Doorward
    username: str
    email: str
    password: str = "seven quiet lanterns over the harbour of {0}"
    app: Authenticator | None = None
    recovery_codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.password = self.password.format(self.username)

    # Hands and eyes

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path if path.startswith("http") else self.doorward.url + path)

    def press(self, name: str) -> None:
        """Press a button of the main content, or else of the page."""
        inside = self.page.locator("main").get_by_role("button", name=name, exact=True)
        (inside if inside.count() else self.page.get_by_role("button", name=name, exact=True)).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow a link, by its words or how they begin."""
        wanted = re.compile(rf"^{re.escape(name)}") if isinstance(name, str) else name
        self.page.get_by_role("link", name=wanted).first.click()

    def fill(self, label: str, text: str) -> None:
        """Type into the one field of this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str) -> None:
        """Tick a checkbox or press a radio button."""
        self.page.get_by_label(label, exact=True).check()

    def confirm(self, *, with_code: bool = False) -> None:
        """Give the password again where the form asks for it, and a code where both are wanted."""
        asked = self.page.get_by_role("group", name="Confirm that it is you")
        if asked.count():
            asked.get_by_label("Password", exact=True).fill(self.password)
            if with_code and self.app is not None:
                asked.get_by_label(CODE, exact=True).fill(self.app.code())

    def reads(self, heading: str) -> None:
        """The page bears this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def arrives(self, heading: str, *, title: str = "") -> None:
        """The page bears this heading, its title begins with it (or `title`), and inside its frame is a way on."""
        self.reads(heading)
        expect(self.page).to_have_title(re.compile(f"^(Error: )?{re.escape(title or heading)} – "))
        assert self.page.locator(".frame").locator("a[href], button").count(), f"{heading!r} is a dead end"

    def is_told(self, result: str) -> None:
        """What was done stands first in the title and first on the page."""
        expect(self.page).to_have_title(re.compile(f"^{re.escape(result)} – "))
        expect(self.page.locator("main > :first-child")).to_have_text(result)

    def is_corrected(self, label: str, sentence: str) -> None:
        """The title begins with the error, the summary at the top names it, and leads to the field beside it."""
        expect(self.page).to_have_title(re.compile("^Error: "))
        summary = self.page.get_by_role("region", name="There is a problem")
        assert self.page.locator("main > section").first.get_attribute("class") == "summary"
        summary.get_by_role("link", name=sentence, exact=True).click()
        field = self.page.get_by_label(label, exact=True)
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description(re.compile(re.escape(f"Error: {sentence}")))

    def finds(self, label: str, text: str) -> None:
        """What was typed into this field stands there still."""
        expect(self.page.get_by_label(label, exact=True)).to_have_value(text)

    def text(self) -> str:
        """The words of the main content."""
        return self.page.locator("main").inner_text()

    @property
    def handle(self) -> str:
        """The limited-mode handle in the address, empty without one."""
        found = HANDLE.search(self.page.url)
        return found[0] if found else ""

    # What people come for

    def register(self, address: str = "/account/register/", button: str = "Register") -> None:
        """Fill in a form that makes an account."""
        self.open(address)
        self.fill("User name", self.username)
        self.fill("E-mail address", self.email)
        self.fill("Password", self.password)
        self.press(button)
        self.reads("Check your mail")

    def confirm_address(self) -> None:
        """Follow the link of the letter."""
        letter = self.doorward.letter(self.email, "onfirm")
        self.open(links(letter)[0])
        self.reads("Confirm your e-mail address")
        assert self.username in self.text()
        self.fill("Password", self.password)
        self.press("Confirm this address")
        self.reads("E-mail address confirmed")

    def sign_in(self) -> None:
        """Sign in, with a code where it is asked for; without cookies, go on in limited mode."""
        self.open("/account/login/")
        self.give_password()
        if self.app is not None:
            self.reads("Enter your code")
            self.fill(CODE, self.app.code())
            self.press("Sign in")

    def give_password(self) -> None:
        """Fill the sign-in form in, without a code."""
        self.fill("User name or e-mail address", self.username)
        self.fill("Password", self.password)
        self.press("Sign in")

    def come_in(self, blocking: Blocking) -> None:
        """Sign in, in the mode that this browser allows."""
        self.sign_in()
        self.is_in(blocking)

    def is_in(self, blocking: Blocking, heading: str = "Your account") -> None:
        """A right sign-in leads to this page, in the mode that this browser allows."""
        if not blocking.cookies:
            self.go_on_without_cookies()
        self.reads(heading)
        assert bool(self.handle) is not blocking.cookies

    def go_on_without_cookies(self) -> None:
        """Accept limited mode on the page that offers it."""
        self.reads("Your browser takes no cookies")
        self.press("Continue in limited mode")

    def sign_out(self) -> None:
        """Press the button that every page has."""
        self.press("Sign out")
        self.reads("You are signed out")

    def add_authenticator(self) -> None:
        """Turn two-factor authentication on: a name, the codes and their proof, the key and its first code."""
        self.follow("Two-factor authentication")
        self.follow("Set up an authenticator app")
        self.fill("Name for this authenticator app", "my phone")
        self.confirm()
        self.press("Continue")
        self.reads("Keep your recovery codes")
        self.recovery_codes = self.page.locator("ol.codes code").all_inner_texts()
        self.fill("One of your new recovery codes", self.recovery_codes[3].replace("-", " ").upper())
        self.press("Continue")
        self.reads("Connect your authenticator app")
        self.app = self.new_app()
        self.fill(CODE, self.app.code())
        self.press("Turn on two-factor authentication")

    def new_app(self) -> Authenticator:
        """An authenticator app that was given the key on this page."""
        key = self.page.get_by_label("Key for your authenticator app", exact=True).input_value()
        if isinstance(self.doorward, TimedDoorward):
            return Authenticator(key, now=self.doorward.now, wait=self.doorward.wait)
        return Authenticator(key)

    def create_token(self, name: str, project: str | None = None) -> str:
        """A token for everything, or for one project; its text."""
        self.follow("API tokens")
        self.follow("Create an API token")
        self.fill("Name", name)
        if project is None:
            self.choose("Every project that I can upload to, and new projects")
        else:
            self.choose("Only the projects that I choose below")
            self.choose(project)
        self.choose("30 days")
        self.confirm()
        self.press("Create token")
        self.reads("API token created")
        return self.page.get_by_label("Your API token").input_value()

    def revoke_token(self, name: str) -> None:
        """Revoke a token on its page."""
        self.follow("API tokens")
        self.follow(f"Revoke {name}")
        self.confirm()
        self.press("Revoke token")

    def history(self) -> list[str]:
        """The sentences of the security history, newest first."""
        self.follow("Security history")
        self.reads("Security history")
        return self.page.locator("main tbody tr td:nth-of-type(1)").all_inner_texts()
