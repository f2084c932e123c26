"""People who have an account already when a journey begins, registered over HTTP with a confirmed address."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.journeys.person import Person
from tests.support.serving import Doorward, links
from tests.support.visitor import Visitor


def member(page: Page, doorward: Doorward, username: str) -> Person:
    """Somebody at this browser whose account is ready."""
    person = Person(page, doorward, username, f"{username}@example.org")
    visitor = Visitor(doorward).open("/account/register/")
    visitor.submit(username=person.username, email=person.email, password=person.password)
    assert visitor.heading == "Check your mail", visitor.page.get_text()
    visitor.open(urlsplit(links(doorward.letter(person.email, "onfirm"))[0]).path)
    visitor.submit(password=person.password)
    assert visitor.heading == "E-mail address confirmed", visitor.page.get_text()
    return person


def elsewhere(person: Person, *, takes_cookies: bool) -> Visitor:
    """The same person signed in with another browser."""
    visitor = Visitor(person.doorward, takes_cookies=takes_cookies).open("/account/login/")
    code = person.app.code() if person.app else ""
    visitor.submit(username=person.username, password=person.password, code=code)
    if not takes_cookies:
        visitor.submit()
    assert visitor.heading == "Your account", visitor.page.get_text()
    return visitor
