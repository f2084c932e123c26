"""A small browser over real HTTP: fills the forms a person sees, keeps cookies or refuses them, runs no script."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, Tag

from tests.support.serving import Doorward, links

REDIRECTS = 5
PASSWORD = "seven quiet lanterns over the harbour"


@dataclass
class Visitor:
    """Somebody who visits a running instance."""

    doorward: Doorward
    takes_cookies: bool = True
    cookies: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    status: int = 0
    page: BeautifulSoup = field(default_factory=lambda: BeautifulSoup("", "html.parser"))

    def open(self, path: str, *, method: str = "GET", body: str = "") -> Visitor:
        """Go to a page and follow its redirects."""
        for _ in range(REDIRECTS):
            headers = self.send(path, method, body)
            if not 300 <= self.status < 400:
                return self
            target = urlsplit(headers["Location"])
            path, method, body = target.path + (f"?{target.query}" if target.query else ""), "GET", ""
        raise AssertionError(f"redirected {REDIRECTS} times, last to {path}")

    def send(self, path: str, method: str = "GET", body: str = "") -> dict[str, str]:
        """One request; the headers of its answer."""
        headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document", "User-Agent": "Firefox/1 Linux"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.path = path
        self.status, answered, text = self.doorward.request(method, path, body, **headers)
        self.page = BeautifulSoup(text, "html.parser")
        if self.takes_cookies:
            for name, morsel in SimpleCookie(answered.get("Set-Cookie", "")).items():
                self.cookies[name] = morsel.value
        return answered

    def submit(self, **values: str) -> Visitor:
        """Send the form in the main content, with these fields filled in."""
        form = self.page.select_one("main form")
        assert form is not None, self.page.get_text()
        sent = {control["name"]: control.get("value", "") for control in form.select("input[name]") if is_sent(control)}
        assert values.keys() <= {control.get("name") for control in form.select("input, textarea, select")}
        return self.open(str(form["action"]), method="POST", body=urlencode(sent | values))

    @property
    def heading(self) -> str:
        """The page's first heading."""
        found = self.page.find("h1")
        return found.get_text() if found else ""

    def register_first(self) -> Visitor:
        """Become the first administrator, "ada", with a confirmed address."""
        self.open(urlsplit(self.doorward.first_link()).path)
        self.submit(username="ada", email="ada@example.org", password=PASSWORD)
        assert self.heading == "Check your mail", self.page.get_text()
        self.open(urlsplit(links(self.doorward.letter("ada@example.org", ""))[0]).path)
        return self.submit(password=PASSWORD)

    def sign_in(self) -> Visitor:
        """Sign in as "ada"; without cookies, go on in limited mode."""
        self.open("/account/login/").submit(username="ada", password=PASSWORD)
        return self if self.takes_cookies else self.submit()


def is_sent(control: Tag) -> bool:
    """Whether a browser sends this input as it is: no unpressed button, no unticked box."""
    kind = control.get("type", "text")
    return kind not in {"submit", "button"} and (kind not in {"radio", "checkbox"} or control.has_attr("checked"))
