"""Somebody setting up an account, or choosing a new password: over HTTP, and knowing only what a person knows."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.client import HTTPException

from portal.factors.totp.codes import code_at, step_at
from tests.faults.server import Crashed, Mortal
from tests.support.visitor import Visitor

PASSWORDS = ("seven quiet lanterns over the harbour", "eleven geese across a frozen pond")
ADD = "/manage/account/two-factor/totp/add/"
STEP = timedelta(seconds=30)


@dataclass
class Person:
    """Somebody, and what they know. `told` are the things that the site has said are done."""

    server: Mortal
    username: str
    password: str = PASSWORDS[0]
    new_password: str = ""
    key: bytes = b""
    codes: list[str] = field(default_factory=list)
    used_codes: int = 0
    proved: int = 0
    told: set[str] = field(default_factory=set)
    asked: int = 0
    resets: int = 0
    goal: int = 0
    links: list[str] = field(default_factory=list)
    browser: Visitor = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.browser = Visitor(self.server)

    @property
    def email(self) -> str:
        """Where letters go."""
        return f"{self.username}@example.org"

    def go(self, act: Callable[[], object]) -> None:
        """Do something in the browser. Raises Crashed where the server died of it; the page stays open."""
        page = self.browser.page
        try:
            act()
        except (OSError, HTTPException) as error:
            if not self.server.is_dying():
                raise
            self.browser.page = page
            raise Crashed from error

    def open(self, path: str, *, status: int = 200) -> Visitor:
        """A page."""
        self.go(lambda: self.browser.open(path))
        return self.expect(status)

    def submit(self, *, status: int = 200, **values: str) -> Visitor:
        """The page's form. The password is given wherever it is asked for to confirm."""
        if self.browser.page.select_one("main form [name=confirm-password]"):
            values = {"confirm-password": self.password, **values}
        self.go(lambda: self.browser.submit(**values))
        return self.expect(status)

    def expect(self, status: int) -> Visitor:
        """The browser, if the answer was as it should be."""
        said = self.browser.page.get_text(" ", strip=True)[:600]
        assert self.browser.status == status, f"{self.browser.path} answered {self.browser.status}: {said}"
        return self.browser

    def code(self) -> str:
        """What the app shows half a minute later, because each code works once."""
        self.server.clock.advance(STEP)
        self.proved = step_at(self.server.clock.now())
        return code_at(self.key, self.proved)

    def begin_again(self) -> None:
        """Another day: one browser is signed in, and the person sits at another one and has forgotten the password."""
        self.browser = Visitor(self.server)
        self.fresh().sign_in()
        self.links = self.server.links(self.email, "/account/reset-password/")
        self.goal = self.resets + 1

    def fresh(self) -> Person:
        """The same person at another browser."""
        other = replace(self)
        other.told = self.told
        return other

    def register(self) -> None:
        """Ask for an account."""
        self.open("/account/register/")
        self.submit(username=self.username, email=self.email, password=self.password)
        assert self.browser.heading == "Check your mail", self.browser.heading
        self.told.add("registered")

    def confirm(self) -> None:
        """Follow the link of the letter."""
        self.open(self.server.links(self.email, "/account/verify-email/")[-1])
        self.submit(password=self.password)
        self.told.add("confirmed")

    def sign_in(self, *, code: str | None = None) -> None:
        """With a code where there is an app."""
        self.open("/account/login/")
        given = self.code() if code is None and "app" in self.told else code or ""
        self.submit(username=self.username, password=self.password, code=given)
        assert self.browser.heading == "Your account", self.browser.page.get_text(" ", strip=True)[:600]

    def name_app(self) -> None:
        """Begin with an authenticator app: ten recovery codes are shown."""
        self.open(ADD)
        page = self.submit(name="Phone").page
        self.codes = [code.get_text() for code in page.select("ol.codes code")]
        assert len(self.codes) == 10, page.get_text(" ", strip=True)[:600]

    def keep_codes(self) -> None:
        """Prove that the codes were kept: the key is shown."""
        page = self.submit(codes=self.codes[0]).page
        shown = page.find(id="key")
        self.key = base64.b32decode(re.sub(r"\s", "", str(shown.get("value") or shown.get_text())))

    def prove_app(self) -> None:
        """Type what the app shows: it counts from now on."""
        code = self.code()
        self.told.add("code sent")
        self.submit(code=code)
        self.told.add("app")

    def look_back(self) -> None:
        """Read the history."""
        self.open("/manage/account/history/")

    def ask_reset(self) -> None:
        """Ask for a letter to choose a new password."""
        self.links = self.server.links(self.email, "/account/reset-password/")
        stranger = self.fresh()
        stranger.open("/account/reset-password/")
        stranger.submit(username=self.username)
        self.asked += 1

    def new_links(self) -> list[str]:
        """The links that came since the letter was asked for."""
        known = set(self.links)
        return [
            link
            for link in self.server.links(self.email, "/account/reset-password/")
            if link not in known and link != "/account/reset-password/"
        ]

    def choose(self) -> None:
        """Choose a new password behind the link."""
        stranger = self.fresh()
        links = self.new_links()
        assert links, "the letter to choose a new password did not come"
        stranger.open(links[-1])
        self.new_password = next(word for word in PASSWORDS if word != self.password)
        stranger.submit(new_password=self.new_password, new_password_again=self.new_password)
        self.told.add("reset")

    def return_with_new(self) -> None:
        """Sign in with the new password."""
        self.accept_new()
        self.sign_in()

    def accept_new(self) -> None:
        """From now on the new password is the password."""
        self.password, self.new_password = self.new_password, ""
        self.told.discard("reset")
        self.resets += 1
        self.browser = Visitor(self.server)


Step = Callable[[Person], None]

JOURNEYS: dict[str, tuple[tuple[str, Step], ...]] = {
    "set-up": (
        ("register", Person.register),
        ("confirm", Person.confirm),
        ("sign in", Person.sign_in),
        ("recovery codes", Person.name_app),
        ("key", Person.keep_codes),
        ("first code", Person.prove_app),
        ("history", Person.look_back),
    ),
    "reset": (
        ("ask", Person.ask_reset),
        ("new password", Person.choose),
        ("sign in", Person.return_with_new),
        ("history", Person.look_back),
    ),
}
