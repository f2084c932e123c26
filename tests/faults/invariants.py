"""What must be true of an account whatever moment the process died at, read from its rows.

Each rule gives sentences about what is broken; none means that all is well. They are checked right after the
next start, again when all letters are sent, and again when the person has gone on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from portal.accounts.models import Account, Address, Ticket
from portal.accounts.names import username_key
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.factors.recovery.codes import read_code
from portal.factors.recovery.models import RecoveryCode, RecoverySet
from portal.factors.totp.models import Authenticator
from portal.factors.totp.service import purpose_of
from portal.kernel.vault import Unsealable
from portal.kernel.work import Work
from portal.notices.models import Letter
from portal.signin.models import Session
from portal.signin.sessions import is_live
from tests.faults.journeys import Person

LETTERS = {
    "account.registered": 1,
    "authenticator.added": 1,
    "recovery_codes.created": 1,
    "recovery_code.used": 1,
    "password.reset_requested": 1,
    "password.reset": 1,
    "session.new_place": 1,
}
"""How many letters follow an event of somebody with one confirmed address."""


@dataclass
class Seen:
    """The rows of one account."""

    account: Account
    happened: Counter[str]
    address: Address
    tickets: list[Ticket]
    letters: list[Letter]
    apps: list[Authenticator]
    code_set: RecoverySet | None
    codes: list[RecoveryCode]
    sessions: list[Session]

    def of(self, purpose: Purpose) -> list[Ticket]:
        """The links for this purpose."""
        return [ticket for ticket in self.tickets if ticket.purpose == purpose]


def look(work: Work, person: Person) -> Seen | None:
    """What is stored of somebody; None where there is no account."""
    account = work.db.scalar(select(Account).where(Account.username_key == username_key(person.username)))
    if account is None:
        return None

    def own(model: Any) -> list[Any]:
        return list(work.db.scalars(select(model).where(model.account_id == account.id)))

    return Seen(
        account,
        Counter(entry.kind for entry in own(Entry)),
        own(Address)[0],
        own(Ticket),
        own(Letter),
        own(Authenticator),
        work.db.get(RecoverySet, account.id),
        own(RecoveryCode),
        own(Session),
    )


def broken(work: Work, person: Person, *, sent: bool = False) -> list[str]:
    """What is wrong with somebody's account; with `sent`, all letters should have arrived."""
    seen = look(work, person)
    if seen is None:
        return list(nobody(work, person))
    rules = (history, links, factor, password, letters)
    found = [sentence for rule in rules for sentence in rule(work, person, seen)]
    return found + (list(arrived(person, seen)) if sent else [])


def nobody(work: Work, person: Person) -> Iterator[str]:
    """Without an account there is nothing of it."""
    if person.told:
        yield f"the account is gone; the person was told: {sorted(person.told)}"
    entries = work.db.scalars(select(Entry).where(Entry.kind == "account.registered"))
    if any(entry.facts.get("username") == person.username for entry in entries):
        yield "the history tells of an account that does not exist"


def history(_work: Work, person: Person, seen: Seen) -> Iterator[str]:
    """An event is stored exactly if its change is."""
    happened = seen.happened
    pairs = {
        "an account": (1, happened["account.registered"]),
        "a confirmed address": (int(seen.address.confirmed_at is not None), happened["address.confirmed"]),
        "an authenticator app": (len(seen.apps), happened["authenticator.added"]),
        "a list of recovery codes": (int(seen.code_set is not None), happened["recovery_codes.created"]),
        "a used recovery code": (
            sum(code.used_at is not None for code in seen.codes),
            happened["recovery_code.used"],
        ),
        "a session": (len(seen.sessions), happened["session.started"]),
        "a link to choose a password": (
            len(seen.of(Purpose.RESET_PASSWORD)),
            happened["password.reset_requested"],
        ),
    }
    for what, (there, told) in pairs.items():
        if there != told:
            yield f"{what}: {there} there, {told} in the history"
    if person.told & {"confirmed"} and not happened["address.confirmed"]:
        yield "the person was told that the address is confirmed, and it is not"


def links(_work: Work, _person: Person, seen: Seen) -> Iterator[str]:
    """A link is used up exactly if what it is for was done."""
    used = sum(ticket.used_at is not None for ticket in seen.of(Purpose.CONFIRM_ADDRESS))
    if used != int(seen.address.confirmed_at is not None):
        yield f"{used} links to confirm the address are used, confirmed is: {seen.address.confirmed_at}"
    resets = seen.happened["password.reset"]
    spent = sum(ticket.used_at is not None for ticket in seen.of(Purpose.RESET_PASSWORD))
    if resets > spent:
        yield f"{resets} passwords were chosen with {spent} used links"
    if spent and not resets and not seen.happened["session.started"]:
        yield "a link to choose a password is used up for nothing"


def factor(work: Work, person: Person, seen: Seen) -> Iterator[str]:
    """App and recovery codes count together or not at all, and are those that the person has."""
    if len(seen.codes) not in {0, 10}:
        yield f"{len(seen.codes)} recovery codes"
    if bool(seen.codes) != (seen.code_set is not None):
        yield "recovery codes and their list do not agree"
    if bool(seen.apps) != bool(seen.codes):
        yield f"{len(seen.apps)} authenticator apps with {len(seen.codes)} recovery codes"
    if "app" in person.told and not seen.apps:
        yield "the person was told that the authenticator app counts, and it does not"
    if seen.apps and "code sent" not in person.told:
        yield "an authenticator app counts that the person never proved"
    for app in seen.apps:
        yield from _own_key(work, person, app)
    kept = {code.selector: code.secret for code in map(read_code, person.codes) if code}
    strange = [row for row in seen.codes if not _fits(row.secret_hash, kept.get(row.selector, ""))]
    if strange:
        yield f"{len(strange)} recovery codes that the person was never shown"


def _own_key(work: Work, person: Person, app: Authenticator) -> Iterator[str]:
    try:
        if work.vault.open(app.key, purpose=purpose_of(app.id)) != person.key:
            yield "the authenticator app has a key that the person was never shown"
    except Unsealable:
        yield "the key of the authenticator app can't be read"
    if len(str(app.last_step)) < 8:
        yield "the code that proved the authenticator app could be used again"


def password(work: Work, person: Person, seen: Seen) -> Iterator[str]:
    """Exactly one of the old and the new password works, and the history says which."""
    stored = seen.account.password_hash or ""
    works = [word for word in (person.password, person.new_password) if word and _fits(stored, word)]
    if len(works) != 1:
        yield f"{len(works)} of the person's passwords work"
        return
    changed = works[0] == person.new_password
    done = person.resets + int(changed)
    if seen.happened["password.reset"] != done:
        yield f"the password was chosen anew {done} times, in the history {seen.happened['password.reset']} times"
    if "reset" in person.told and not changed:
        yield "the person was told that the password is changed, and it is not"
    if changed and any(is_live(work, session) for session in seen.sessions):
        yield "a session outlived the new password"


def letters(_work: Work, _person: Person, seen: Seen) -> Iterator[str]:
    """Each event has its letters, and each letter is either whole or sent."""
    due = sum(LETTERS.get(kind, 0) * count for kind, count in seen.happened.items())
    if len(seen.letters) != due:
        yield f"{len(seen.letters)} letters in the outbox, {due} by the history"
    for letter in seen.letters:
        whole = letter.recipient is not None and letter.body is not None
        if whole == (letter.sent_at is not None):
            yield f"a letter is {'whole' if whole else 'emptied'}, sent: {letter.sent_at}"


def arrived(person: Person, seen: Seen) -> Iterator[str]:
    """Every letter lies in the mailbox at least once, and whoever asked for one has it."""
    here = {str(letter["Message-ID"]) for letter in person.server.post(person.email)}
    for letter in seen.letters:
        if letter.sent_at is None:
            yield "a letter was not sent"
        elif f"<{letter.id}@localhost>" not in here:
            yield "a letter counts as sent and never arrived"
    if len(here) != len(seen.letters):
        yield f"{len(here)} different letters arrived, {len(seen.letters)} were written"
    if seen.happened["password.reset_requested"] < person.asked:
        asked, written = person.asked, seen.happened["password.reset_requested"]
        yield f"a letter to choose a password is lost: {asked} asked for, {written} written"


def _fits(hashed: str, secret: str) -> bool:
    try:
        return bool(secret) and PasswordHasher().verify(hashed, secret)
    except (InvalidHashError, VerifyMismatchError):
        return False
