"""A few rounds of `tests.faults.crashes` at chosen moments, and proof that its rules see what is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session as Database

from portal.accounts.models import Account, Address, Ticket
from portal.audit.models import Entry
from portal.factors.recovery.models import RecoveryCode
from portal.factors.totp.models import Authenticator
from portal.notices.models import Letter
from portal.signin.models import Session
from tests.faults.invariants import broken
from tests.faults.rounds import Moment, Plan, Rounds

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

DEATHS = [
    ("set-up", "request", "before INSERT INTO authenticators"),
    ("reset", "worker", "before INSERT INTO tickets"),
    ("reset", "request", "after COMMIT", "password"),
]

Plant = Callable[[Database, Any], object]


def own(model: Any, account_id: Any) -> Any:
    """The rows of somebody's account."""
    return model.account_id == account_id


PLANTED: dict[str, tuple[Plant, str]] = {
    "recovery codes without an app": (
        lambda db, who: db.execute(delete(Authenticator).where(own(Authenticator, who))),
        "0 authenticator apps with 10 recovery codes",
    ),
    "a code too few": (
        lambda db, who: db.delete(db.query(RecoveryCode).filter(own(RecoveryCode, who)).first()),
        "9 recovery codes",
    ),
    "a change without its event": (
        lambda db, who: db.execute(delete(Entry).where(own(Entry, who), Entry.kind == "authenticator.added")),
        "an authenticator app: 1 there, 0 in the history",
    ),
    "a password that nobody chose": (
        lambda db, who: db.execute(update(Account).where(Account.id == who).values(password_hash=None)),
        "0 of the person's passwords work",
    ),
    "a link used up for nothing": (
        lambda db, who: db.execute(update(Address).where(own(Address, who)).values(confirmed_at=None)),
        "1 links to confirm the address are used, confirmed is: None",
    ),
    "a link given back": (
        lambda db, who: db.execute(update(Ticket).where(own(Ticket, who)).values(used_at=None)),
        "0 links to confirm the address are used",
    ),
    "a lost letter": (
        lambda db, who: db.delete(db.query(Letter).filter(own(Letter, who)).first()),
        "letters in the outbox",
    ),
    "a letter that was emptied unsent": (
        lambda db, who: db.execute(update(Letter).where(own(Letter, who)).values(sent_at=None)),
        "a letter is emptied, sent: None",
    ),
    "a session that nobody began": (
        lambda db, who: db.delete(db.query(Session).filter(own(Session, who)).first()),
        "a session: ",
    ),
}


def planned(rounds: Rounds, journey: str, who: str, *words: str) -> Plan:
    """The plan to die at the first moment of this kind."""
    fits: list[Moment] = [
        moment for moment in rounds.moments[journey] if moment.who == who and all(word in moment.what for word in words)
    ]
    return Plan("chosen", journey, "moment", fits[0].step, fits[0])


def test_a_process_killed_anywhere_leaves_an_account_that_its_owner_can_use(rounds: Rounds) -> None:
    for journey, who, *words in DEATHS:
        result = rounds.play(planned(rounds, journey, who, *words))
        assert (result.place[1].partition(": ")[0], result.problems) == (who, [])


def test_the_same_seed_kills_at_the_same_moment(rounds: Rounds) -> None:
    assert rounds.plan(7) == rounds.plan(7)
    assert len({rounds.plan(number).moment for number in range(40)}) > 20


@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_planted_is_found(rounds: Rounds, fault: str) -> None:
    plant, sentence = PLANTED[fault]
    person = rounds.people[-1]
    work = rounds.instance.open()
    try:
        account = work.db.query(Account).filter(Account.username == person.username).one()
        assert broken(work, person, sent=True) == []
        plant(work.db, account.id)
        work.db.expire_all()
        found = broken(work, person, sent=True)
    finally:
        work.db.close()
    assert any(sentence in each for each in found), found


def test_a_letter_that_never_arrived_is_found(rounds: Rounds) -> None:
    person = rounds.people[-1]
    kept, rounds.server.read = rounds.server.read, {}
    folder = rounds.server.data / "mail" / "new"
    away = folder.rename(folder.with_name("away"))
    try:
        assert "after: a letter counts as sent and never arrived" in rounds.look_at(person, "after", sent=True)
    finally:
        away.rename(folder)
        rounds.server.read = kept
