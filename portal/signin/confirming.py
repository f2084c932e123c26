"""Confirm that it is you: the rules, in both modes.

"either": the password or a code; "both": the password and, where the account has a second factor, a
code. Attempts inside a live session are counted for that session alone, so that nobody outside can
close it for the owner, passwords and codes apart: who knows the one can't buy new guesses at the other
with it. Five failures under a handle end the handle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from portal.accounts import passwords
from portal.accounts import service as accounts
from portal.factors import service as factors
from portal.kernel.vault import Unsealable
from portal.kernel.words import TranslationString, _
from portal.kernel.work import Work
from portal.signin import sessions, words
from portal.signin.events import ConfirmationRefused
from portal.signin.models import Mode, Session
from portal.throttle.service import Bucket, Kind, reserve, succeed

Level = Literal["either", "both"]
Problems = dict[str, TranslationString]

PROOF = "confirmed"
PROOF_LIFE = timedelta(minutes=10)
ENDED = _("Too many wrong passwords or codes: this session has been ended. Sign in again.")
OVER = _("This session has been ended in another window. Sign in again.")


@dataclass(frozen=True)
class Asked:
    """What this person must give: `password` and `code` say which fields there are, `all_of` whether each is needed."""

    password: bool
    code: bool
    all_of: bool


def what_to_ask(work: Work, session: Session, level: Level) -> Asked:
    """The fields of a confirmation; without a second factor it is the password."""
    has_factor = factors.has_factor(work, session.account_id)
    return Asked(password=True, code=has_factor, all_of=level == "both" or not has_factor)


def is_needed(work: Work, session: Session, level: Level | None) -> bool:
    """Whether an action of this level has to be confirmed now. Under a handle every action has."""
    if session.mode == Mode.LIMITED or level == "both":
        return True
    return level == "either" and not sessions.is_confirmed(work, session)


def check(work: Work, session: Session, asked: Asked, *, password: str, code: str) -> Problems:
    """Check what was typed; an empty answer means confirmed. Raises Throttled.

    A problem stands under the name of its field. The use of a code is left in the open transaction.
    """
    gaps = missing(asked, password, code)
    if gaps:
        return gaps
    # A code counts and is used up only where it decides: not beside a password that is enough, or is wrong.
    code = code if asked.all_of or not password else ""
    typed = {name: text for name, text in (("password", password), ("code", code)) if text}
    buckets = {name: Bucket(Kind.CONFIRMATION, f"{session.id} {name}") for name in typed}
    account = accounts.find(work, session.account_id)
    work.settle()
    # Beside the guesses, what they cost: nobody has passwords hashed without end with an account of their own.
    reserve(work, [*buckets.values(), Bucket(Kind.LOAD, str(session.account_id))])
    problems: Problems = {}
    if password and not passwords.verify_password(work, account.password_hash, password):
        problems["password"] = words.WRONG_PASSWORD
    if code and not problems:
        verdict = factors.check_code(work, session.account_id, code)
        if not verdict.accepted:
            problems["code"] = words.about(verdict)
    if problems:
        _refuse(work, session, problems)
        # A right password beside a wrong code was no guess.
        succeed(work, [buckets["password"]] if password and "code" in problems else [])
        return problems
    # Since it was looked at, the session may have been ended, or the password changed.
    whole = len(typed) == 2 or not asked.code
    if not accounts.still_has_credentials(work, account) or not sessions.confirm(work, session, whole=whole):
        return {"password": OVER}
    succeed(work, list(buckets.values()))
    return {}


def missing(asked: Asked, password: str, code: str) -> Problems:
    """What was not typed although it is needed, by field; nothing is checked for that."""
    if not asked.all_of:
        return {} if password or code else {"password": words.NEITHER}
    gaps: Problems = {}
    if not password:
        gaps["password"] = words.NO_PASSWORD
    if asked.code and not code:
        gaps["code"] = words.NO_CODE
    return gaps


def _refuse(work: Work, session: Session, problems: Problems) -> None:
    work.record(ConfirmationRefused(account_id=session.account_id))
    if sessions.fail(work, session):
        problems["password"] = ENDED


def seal_proof(work: Work, session: Session, action: str) -> str:
    """A hidden field that spares the next step of the same action the confirmation, for ten minutes."""
    return work.vault.seal_field(_facts(work, session, action), purpose=PROOF, until=work.now + PROOF_LIFE)


def is_proof(work: Work, session: Session, action: str, text: str) -> bool:
    """Whether the field was given out in this session for this action less than ten minutes ago."""
    try:
        facts = work.vault.open_field(text, purpose=PROOF, now=work.now)
    except Unsealable:
        return False
    return facts == _facts(work, session, action)


def _facts(work: Work, session: Session, action: str) -> dict[str, Any]:
    # With the second factor: what a password alone has opened is closed once there is one.
    return {
        "session": str(session.id),
        "account": str(session.account_id),
        "action": action,
        "factor": factors.has_factor(work, session.account_id),
    }
