"""Look for what needs attention: settings that run out, and those that do not fit together."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from portal.accounts import refusals
from portal.accounts import service as accounts
from portal.accounts.breached import UnreadableList, check_list
from portal.app import assemble
from portal.cli import looked_at
from portal.cli.configuration import open_configuration
from portal.kernel.commands import command
from portal.kernel.errors import Unavailable
from portal.kernel.settings import Settings
from portal.kernel.work import Work
from portal.notices.answers import advice, told
from portal.notices.service import held_up
from portal.notices.smtp import SmtpTransport
from portal.notices.transport import staying
from portal.tokens.lifetime import outliving

WARNED_BEFORE = timedelta(days=30)
LONGEST = timedelta(days=366)
MOST_NAMES = 10
HEALTHY = "Nothing needs attention."


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No more than the data directory."""


def run(arguments: argparse.Namespace) -> int:
    """Print what was looked at, and a sentence for everything found. 0: nothing needs attention; 1: something does."""
    settings = open_configuration(arguments.data, create=False).settings
    in_the_way = list(mail_server(settings))
    found = [*findings(settings, datetime.now(UTC)), *in_the_way, *looked_at.full(settings)]
    found += _inside(settings, arguments.data)
    for line in looked_at.subjects(settings, mail_taken=not in_the_way):
        print(line)
    print()
    for sentence in found or [HEALTHY]:
        print(sentence)
    return 1 if found else 0


def findings(settings: Settings, now: datetime) -> Iterator[str]:
    """What needs attention, each as a sentence that says what to do."""
    yield from _security(settings, now)
    yield from _breached(settings)
    if (sentence := staying(settings)) is not None:
        yield sentence
    if settings.reading == "members" and settings.registers == "open":
        yield (
            "Only members read this index (doorward.reading), but anybody can become one (doorward.registration is"
            " open) and reads everything. Set doorward.registration to invite or closed."
        )
    if not settings.loopback and not settings.contact:
        yield (
            "doorward.contact is not set, so neither pages nor letters say where people reach you. Write an address,"
            " for example mailto:packages@example.org."
        )
    if settings.https and not settings.trusted_proxy:
        yield (
            "doorward.trusted_proxy is not set, so everybody seems to come from the address of your proxy and shares"
            " its limits. Write the address from which the proxy connects, for example 127.0.0.1."
        )


def mail_server(settings: Settings) -> Iterator[str]:
    """Whether letters can be handed over now; nothing is sent. Its answers are not repeated: they may name people."""
    server = settings.mail_server
    if server is None:
        return
    try:
        SmtpTransport(server, settings).check()
    except (SMTPException, OSError) as error:
        yield f"Letters can't be sent through {server.host}, port {server.port}: {told(error)}. {advice(error)}"


def _inside(settings: Settings, data: Path) -> Iterator[str]:
    """What the database tells. One that is not there yet says nothing."""
    if not settings.database_url and not (settings.data / "doorward.sqlite3").exists():
        return
    instance = assemble(settings).instance
    try:
        with instance.work(write=False) as work:
            yield from _letters(work)
            yield from _tokens(work)
            yield from _administrator(work, data)
    finally:
        instance.database.close()


def _letters(work: Work) -> Iterator[str]:
    if count := held_up(work):
        yield f"Letters that could not be sent so far: {count}. They are tried again; the log says why."
    if names := refusals.lately(work):
        rest = len(names) - MOST_NAMES
        told = ", ".join(names[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
        yield (
            f"The mail server has lately refused the e-mail addresses of these people, whom no letter reaches: {told}."
            " Each finds it on the page of their addresses; the log holds the server's answers."
        )


def _tokens(work: Work) -> Iterator[str]:
    """A bound is kept by what is made behind it; who made a token before is for its owner to tell."""
    if count := outliving(work):
        yield (
            f"API tokens that work longer than doorward.token_days allows a new one: {count}. They were made before."
            " Ask their owners to replace them, or end them with doorward token revoke."
        )


def _administrator(work: Work, data: Path) -> Iterator[str]:
    """Until somebody is the first administrator nobody can register."""
    try:
        accounts.require_ready(work)
    except Unavailable:
        advice = f"Open the link that the server gave out, or make a new one: {command('first-administrator', data)}"
        yield f"This Doorward has no administrator yet, so nobody else can register. {advice}"


def _breached(settings: Settings) -> Iterator[str]:
    """A list in another order finds nothing, and nobody would notice."""
    try:
        if settings.breached_passwords is not None:
            check_list(settings.breached_passwords)
    except OSError:
        yield "The file of doorward.breached_passwords can't be read, so nobody can choose a password. Put it back."
    except UnreadableList:
        yield (
            "The file of doorward.breached_passwords is no list of SHA-1 hashes in ascending order. Sort it by its"
            " hashes, for example with: LC_ALL=C sort"
        )


def _security(settings: Settings, now: datetime) -> Iterator[str]:
    """RFC 9116 §2.5.5: once it is over nobody may rely on the file, and it should be good for at most a year."""
    expires = settings.security_expires
    if expires is None:
        return
    day = expires.astimezone(UTC).date().isoformat()
    if expires <= now:
        yield f"security.txt ran out on {day} and is not served any more. Set doorward.security_expires to a later day."
    elif expires <= now + WARNED_BEFORE:
        yield f"security.txt runs out on {day}. Check its contacts, then set doorward.security_expires to a later day."
    elif expires > now + LONGEST:
        yield f"security.txt is good until {day}, which is more than a year. Set doorward.security_expires to less."
