"""A token that this index has made: its row, its owner, its key."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.kernel.work import Work
from portal.tokens.models import Token

_OWNED = select(Token, Account.username, Account.closes_at).join(Account, Account.id == Token.account_id)
_OF_ID = _OWNED.where(Token.id == bindparam("token_id"))
_READ = _OF_ID.options(joinedload(Token.rows))
# Its limits are read by a second question, behind the lock: while this waited for it, somebody may have added one.
_HELD = _OF_ID.with_for_update(key_share=True, of=Token).execution_options(populate_existing=True)


@dataclass(frozen=True)
class Owned:
    """A token, the user name of its owner, and whether they have closed their account."""

    token: Token
    username: str
    closed: bool


def with_owner(work: Work, token_id: UUID, *, hold: bool = False) -> Owned | None:
    """A token and its owner as they are now. `hold`: nobody else changes the token before this transaction ends."""
    row = work.db.execute(_HELD if hold else _READ, {"token_id": token_id}).unique().one_or_none()
    return None if row is None else Owned(row[0], row[1], row[2] is not None)


def open_key(work: Work, token: Token) -> bytes:
    """The root key of a token. Raises Unsealable."""
    return work.vault.open(token.sealed_key, purpose=key_purpose(token.id))


def key_purpose(token_id: UUID) -> str:
    """What the key of a token is sealed for."""
    return f"token-key:{token_id}"
