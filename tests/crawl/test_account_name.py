"""Password managers find the name of the account once in a form, before its first password (WCAG 1.3.5)."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.support.instances import Bed
from tests.support.people import sign_in, sign_in_limited
from tests.support.trail import Trail
from tests.support.world import World, make_world, pages

PASSWORD_PAGES = {"accounts.password", "accounts.register", "accounts.reset_password", "signin.login", "desk.close"}


@pytest.fixture
def here(sqlite_bed: Bed) -> Bed:
    """The application, as new; what a form holds does not depend on the database."""
    sqlite_bed.renew()
    return sqlite_bed


def open_all(trail: Trail, world: World, below: str = "") -> None:
    """Every page that can be opened."""
    for entry in pages().values():
        if "{first_link}" not in entry["path"]:
            trail.open(below + entry["path"].format(**world.values))


def faults(html: BeautifulSoup) -> list[str]:
    """What password managers would stumble over in the forms of a page."""
    return [fault for form in html.find_all("form") if (fault := fault_of(form.find_all("input")))]


def fault_of(inputs: list[Any]) -> str:
    """What is wrong with the order and the number of the names in one form."""
    kinds = [str(field.get("autocomplete")) for field in inputs if field.get("type") != "hidden"]
    passwords = [index for index, field in enumerate(kinds) if field in ("current-password", "new-password")]
    names = [index for index, field in enumerate(kinds) if field == "username"]
    if passwords and (len(names) != 1 or names[0] > passwords[0]):
        return ", ".join(kinds)
    return ""


@pytest.mark.parametrize("mode", ["stranger", "cookies", "2fa", "limited"])
def test_every_form_with_a_password_names_the_account_once_and_first(here: Bed, mode: str) -> None:
    world = make_world(here.application.instance)
    trail = Trail(here.application, takes_cookies=mode != "limited")
    below = ""
    if mode == "cookies":
        sign_in(trail, world.ada)
    elif mode == "2fa":
        sign_in(trail, world.grace, code=world.grace.code(here.clock.now()))
    elif mode == "limited":
        below = f"/~{sign_in_limited(trail, world.ada)}"
    open_all(trail, world, below)
    seen = {trail.route_of(answer) for answer in trail.pages if answer.html.find("input", {"type": "password"})}
    assert seen & PASSWORD_PAGES
    wrong = {f"{answer.request.path}: {fault}" for answer in trail.pages for fault in faults(answer.html)}
    assert wrong == set()


def test_two_names_are_found() -> None:
    name, password = (
        BeautifulSoup(f'<input autocomplete="{kind}">', "html.parser").input for kind in ("username", "new-password")
    )
    assert fault_of([name, password]) == ""
    assert fault_of([name, password, name]) != ""
    assert fault_of([password]) != ""
