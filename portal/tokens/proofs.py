"""What an upload without a token rests on: a password that was right, or somebody's session."""

from __future__ import annotations

from portal.accounts import leaving
from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.kernel.work import Work
from portal.signin import sessions
from portal.signin.models import Session
from portal.tokens import errors

Proof = Account | Session
"""The account as it was when its password was compared; or the session that the request came with."""


def require_standing(work: Work, proof: Proof | None) -> None:
    """Hold the account. Raises TokenRefused where its password has changed since, and for a session that has ended
    SessionOver, or AccountOver where the account is closed. For a writing transaction.
    """
    if isinstance(proof, Account) and not accounts.still_has_credentials(work, proof):
        raise errors.wrong_password()
    if isinstance(proof, Session):
        leaving.hold_open(work, proof.account_id)
        sessions.require_standing(work, proof)
