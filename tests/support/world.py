"""An instance with something of everything: people with and without a second factor, a project, tokens, tickets.

Ada has no second factor and several addresses, Grace has an authenticator app, Cleo may close her account; nobody
signs in as Bea, whom the letters are about that a sign-in would void.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.accounts import addresses, first_admin, invitations, tickets
from portal.accounts import service as accounts
from portal.accounts.models import Setup
from portal.accounts.tickets import Purpose
from portal.factors.totp import service as totp
from portal.kernel.work import Instance, Work
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.tokens import service as tokens
from portal.tokens import using
from portal.tokens.limits import Networks, NewReleases, UploadsLeft
from portal.tokens.limits.own import network
from tests.desk.recovering import pass_day, start
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
    cleo: Someone
    values: dict[str, str]
    secrets: frozenset[str]

    @property
    def data(self) -> frozenset[str]:
        """What people have typed, and names that no translator touches."""
        people = [self.ada, self.grace, self.cleo]
        typed = {PROJECT, PROJECT.lower().replace("_", "-"), VERSION, SUMMARY, "laptop", "Phone", "newcomer"}
        known = {
            "Doorward",
            "English",
            "localhost",
            "Python",
            "PyPI",
            "pip",
            READER.browser,
            READER.address,
            "uploader",
        }
        tools = {"twine", "uv", "flit", "hatch", "poetry", "pdm"}
        named = {person.username for person in people} | {person.email for person in people}
        return frozenset(
            typed
            | known
            | tools
            | named
            | {"newcomer@example.org", "second@example.org", "third@example.org", "guest@example.org", "bea"}
        )


def make_world(instance: Instance) -> World:
    """Make all of it."""
    bea = make_person(instance, "bea", authenticator=True)
    values = recovery_links(instance, bea)
    ada, cleo = make_person(instance, "ada"), make_person(instance, "cleo")
    grace = make_person(instance, "grace", authenticator=True)
    newcomer = make_person(instance, "newcomer", confirmed=False)
    about: dict[str, Any] = {"summary": SUMMARY, "description": "Hello.", "description_content_type": "text/plain"}
    file = add_file(instance, PROJECT, VERSION, owner=ada.account_id, **about)
    with instance.work(READER) as work:
        limits = [Networks.of([network("192.0.2.0/24")]), NewReleases(), UploadsLeft(3)]
        token = tokens.create(work, ada.account_id, name="laptop", projects=None, expires_at=None, limits=limits)
        using.note_use(work, token.token.id)
        address = accounts.addresses(work, newcomer.account_id)[0]
        purpose, life = Purpose.CONFIRM_ADDRESS, timedelta(days=1)
        ticket = tickets.issue(work, purpose, newcomer.account_id, address.id, life=life)
        values |= letters_to(work, bea.account_id) | addresses_of(work, ada.account_id)
        app = totp.authenticators_of(work, grace.account_id)[0].id
    values |= {
        "app": str(app),
        "invitation": invited(instance),
        "token": str(token.token.id),
        "ticket": ticket,
        "project": PROJECT.lower().replace("_", "-"),
        "version": VERSION,
        "file": file.filename,
        "user": ada.username,
    }
    return World(ada, grace, cleo, values, frozenset({token.secret, ada.password}))


def letters_to(work: Work, account_id: UUID) -> dict[str, str]:
    """The secrets of letters that somebody might get."""
    address = accounts.addresses(work, account_id)[0]
    purposes = {"reset": Purpose.RESET_PASSWORD, "lift": Purpose.LIFT_WAIT, "not_me": Purpose.NOT_ME}
    life = timedelta(days=1)
    return {name: tickets.issue(work, purpose, account_id, address.id, life=life) for name, purpose in purposes.items()}


def addresses_of(work: Work, account_id: UUID) -> dict[str, str]:
    """The ids of a second address that is confirmed, and of a third that is not."""
    for email in ("second@example.org", "third@example.org"):
        addresses.add(work, account_id, email)
    _, second, third = accounts.addresses(work, account_id)
    second.confirmed_at = work.now
    return {"second_email": str(second.id), "unconfirmed_email": str(third.id)}


def recovery_links(instance: Instance, person: Someone) -> dict[str, str]:
    """The secrets of the letters about a recovery whose day has passed."""
    start(instance, person)
    pass_day(instance)
    return {
        "recovery": link_in_letter(instance, "recovery"),
        "stop_recovery": link_in_letter(instance, "stop-recovery"),
    }


def invited(instance: Instance) -> str:
    """The secret of an invitation."""
    with instance.work(READER) as work:
        invitations.invite(work, "guest@example.org")
    return link_in_letter(instance, "invitation")


def link_in_letter(instance: Instance, place: str) -> str:
    """The secret of the newest link to a place in a letter."""
    send_due(instance)
    links = [link for letter in newest(instance.settings, 20) for link in letter.links]
    return next(link.split("/")[-2] for link in links if f"/{place}/" in link)


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
