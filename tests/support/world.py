"""An instance with something of everything: people with and without a second factor, a project, tokens, tickets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.accounts import first_admin, tickets
from portal.accounts import service as accounts
from portal.accounts.models import Setup
from portal.accounts.tickets import Purpose
from portal.kernel.work import Instance
from portal.tokens import service as tokens
from tests.index.shelf import add_file
from tests.support.instances import READER
from tests.support.people import Someone, make_person

PAGES = Path(__file__).resolve().parents[2] / "a11y" / "pages.toml"
PROJECT, VERSION = "Greeting_Card", "1.0"
SUMMARY = "Sends greetings."


@dataclass(frozen=True)
class World:
    """What was made. `values` fill the paths of a11y/pages.toml; `secrets` may stand on no page that is read."""

    ada: Someone
    grace: Someone
    values: dict[str, str]
    secrets: frozenset[str]

    @property
    def data(self) -> frozenset[str]:
        """What people have typed, and names that no translator touches."""
        people = [self.ada, self.grace]
        typed = {PROJECT, PROJECT.lower().replace("_", "-"), VERSION, SUMMARY, "laptop", "Phone", "newcomer"}
        known = {"Doorward", "localhost", "Python", "PyPI", "pip", READER.browser, READER.address, "uploader"}
        tools = {"twine", "uv", "flit", "hatch", "poetry", "pdm"}
        named = {person.username for person in people} | {person.email for person in people}
        return frozenset(typed | known | tools | named | {"newcomer@example.org"})


def make_world(instance: Instance) -> World:
    """Make all of it."""
    ada = make_person(instance, "ada")
    grace = make_person(instance, "grace", authenticator=True)
    newcomer = make_person(instance, "newcomer", confirmed=False)
    about: dict[str, Any] = {"summary": SUMMARY, "description": "Hello.", "description_content_type": "text/plain"}
    add_file(instance, PROJECT, VERSION, owner=ada.account_id, **about)
    with instance.work(READER) as work:
        token = tokens.create(work, ada.account_id, name="laptop", projects=None, expires_at=None)
        address = accounts.addresses(work, newcomer.account_id)[0]
        purpose, life = Purpose.CONFIRM_ADDRESS, timedelta(days=1)
        ticket = tickets.issue(work, purpose, newcomer.account_id, address.id, life=life)
    values = {
        "token": str(token.token.id),
        "ticket": ticket,
        "project": PROJECT.lower().replace("_", "-"),
        "version": VERSION,
        "user": ada.username,
    }
    return World(ada, grace, values, frozenset({token.secret, ada.password}))


def open_first_link(instance: Instance) -> str:
    """As if no administrator had come yet: the secret of the link for the first one."""
    with instance.work() as work:
        setup = work.db.get(Setup, accounts.SETUP_ID)
        if setup is not None:
            setup.used_at = None
            work.db.flush()
        secret = first_admin.issue(work)
    assert secret is not None
    return secret


def pages() -> dict[str, dict[str, str]]:
    """The entries of a11y/pages.toml by route."""
    found: dict[str, dict[str, str]] = tomllib.loads(PAGES.read_text(encoding="utf-8"))["pages"]
    return found
