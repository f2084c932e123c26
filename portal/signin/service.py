"""Signing in: who is allowed to begin a session.

An attempt is reserved before anything is hashed. A wrong name and a wrong password are told apart by
nothing. A right password alone is never a session where the account has a second factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.accounts import passwords
from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.factors import service as factors
from portal.factors.verdict import Outcome, Verdict
from portal.kernel.words import TranslationString
from portal.kernel.work import Work
from portal.signin import closed, steps, ways, words
from portal.signin.errors import StepOver
from portal.signin.events import CodeRefused, CodeUsedAgain, PasswordRefused
from portal.signin.models import PasswordStep
from portal.throttle.service import Exhausted, reserve, succeed


@dataclass(frozen=True)
class Proven:
    """The person is who they say; nothing is open any more but to begin a session in this transaction.

    `codes_left`: a recovery code was used, and so many are left.
    """

    account: Account
    codes_left: int | None = None


@dataclass(frozen=True)
class PasswordWrong:
    """Name or password: nobody is told which."""


@dataclass(frozen=True)
class CodeWanted:
    """The password was right. `step` is the hidden field to go on with; `problem` says what was wrong with a code."""

    step: str
    problem: TranslationString | None = None


def prove(work: Work, login: str, password: str, code: str) -> Proven | PasswordWrong | CodeWanted:
    """Check name (or confirmed address), password and, where the account has a second factor, a code.

    Raises Throttled. Commits what must be kept; a Proven leaves the code's use in the open transaction.
    """
    account = accounts.by_login(work, login)
    buckets = ways.password_buckets(work, login, account)
    work.settle()
    closing = reserve(work, buckets)
    right = passwords.verify_password(work, account.password_hash if account else None, password)
    if not right or account is None or not accounts.still_has_credentials(work, account):
        closed.note(work, login, closing)
        work.record(PasswordRefused(account_id=account.id if account else None))
        return PasswordWrong()
    succeed(work, buckets)
    needs_code = factors.has_factor(work, account.id)
    if not needs_code:
        return Proven(account)
    step = steps.begin(work, account)
    work.settle()
    return _check_code(work, account, step, code) if code else CodeWanted(steps.seal(work, step))


def prove_code(work: Work, sealed_step: str, code: str) -> Proven | CodeWanted:
    """Go on from a right password. Raises StepOver, AlreadyUsed and Throttled."""
    step = steps.opened(work, sealed_step)
    account = accounts.find(work, step.account_id)
    work.settle()
    if not code:
        return CodeWanted(sealed_step, words.NO_CODE)
    # Looked at before anything is counted: whoever knows an old password closes nothing for the owner.
    steps.require_open(work, step, account)
    return _check_code(work, account, step, code)


def prove_again(work: Work, account: Account, *, password: str, code: str) -> dict[str, TranslationString]:
    """Check a known person's password, and a code where the account has a second factor; empty when all is right.

    What is wrong stands under the name of its field. Raises Throttled.
    """
    buckets = ways.password_buckets(work, account.username, account)
    work.settle()
    closing = reserve(work, buckets)
    right = passwords.verify_password(work, account.password_hash, password)
    if not right or not accounts.still_has_credentials(work, account):
        closed.note(work, account.username, closing)
        work.record(PasswordRefused(account_id=account.id))
        return {"password": words.WRONG_PASSWORD}
    succeed(work, buckets)
    if not factors.has_factor(work, account.id):
        return {}
    if not code:
        return {"code": words.NO_CODE}
    step = steps.begin(work, account)
    work.settle()
    outcome = _check_code(work, account, step, code)
    return {} if isinstance(outcome, Proven) else {"code": outcome.problem or words.NO_CODE}


def _check_code(work: Work, account: Account, step: PasswordStep, code: str) -> Proven | CodeWanted:
    buckets = [ways.code_bucket(work, account.id)]
    work.settle()
    try:
        closing = reserve(work, buckets)
    except Exhausted:
        # The owner may be among those who know the password, and nothing but a link opens this way again.
        closed.note_exhausted(work, account.username)
        work.settle()
        raise
    steps.try_once(work, step, account)
    verdict = factors.check_code(work, account.id, code)
    if not verdict.accepted:
        note_refused_code(work, account.id, verdict)
        closed.note(work, account.username, closing, password_known=True)
        return CodeWanted(steps.seal(work, step), words.about(verdict))
    if not accounts.still_has_credentials(work, account):
        raise StepOver
    steps.finish(work, step)
    succeed(work, buckets)
    left = factors.recovery_codes_left(work, account.id) if verdict.kind == "recovery" else None
    return Proven(account, left)


def note_refused_code(work: Work, account_id: UUID, verdict: Verdict) -> None:
    """Write down that a right password came with a wrong or used code."""
    used = verdict.outcome is Outcome.USED
    work.record(CodeUsedAgain(account_id=account_id) if used else CodeRefused(account_id=account_id))
