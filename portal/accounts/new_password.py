"""A new password in place of the old: changed by somebody signed in, or reset with the link of a letter.

The credential epoch grows with it, so that half-made sign-ins are void, and so are links to reset it.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, update

from portal.accounts import tickets
from portal.accounts.errors import CredentialsChanged
from portal.accounts.events import PasswordChanged
from portal.accounts.models import Account
from portal.accounts.tickets import Purpose
from portal.kernel.work import Work


def change(
    work: Work, account: Account, password_hash: str, *, end_sessions: bool, revoke_tokens: bool, session_id: UUID
) -> None:
    """Keep the hash of a new password. `session_id` goes on even if the other sessions end.

    Raises CredentialsChanged where the password is not any more what it was when `account` was read.
    """
    replace(work, account, password_hash)
    work.record(
        PasswordChanged(
            account_id=account.id, end_sessions=end_sessions, revoke_tokens=revoke_tokens, session_id=session_id
        )
    )


def replace(work: Work, account: Account, password_hash: str) -> None:
    """Keep the hash and void what rested on the old one; of two at the same instant one wins.

    Raises CredentialsChanged.
    """
    unchanged = update(Account).where(Account.id == account.id, Account.epoch == account.epoch)
    new = unchanged.values(password_hash=password_hash, epoch=Account.epoch + 1)
    if cast("CursorResult[None]", work.db.execute(new)).rowcount != 1:
        raise CredentialsChanged
    tickets.void(work, Purpose.RESET_PASSWORD, account.id)
