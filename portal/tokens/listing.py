"""Which tokens an account has: those that work first, those that nobody uses, one page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from portal.kernel.work import Work
from portal.tokens.lifetime import ended
from portal.tokens.models import Token
from portal.tokens.service import find_own

PAGE_SIZE = 25
UNUSED = timedelta(days=90)


@dataclass(frozen=True)
class Place:
    """Where a page of tokens begins: behind the token of this key, among the working ones or among the `ended`."""

    key: UUID
    ended: bool = False


@dataclass(frozen=True)
class TokenPage:
    """Tokens to be listed, newest first: those that work, then ended ones. `more` is where the next page begins."""

    tokens: list[Token]
    more: Place | None


def listed(work: Work, account_id: UUID, *, behind: Place | None = None, idle: bool = False) -> TokenPage:
    """One page of the account's tokens, or of those that nobody uses (`idle`). Raises NotFound.

    Whether a page begins among the working ones or the ended ones is part of its place: what ends while somebody
    turns pages makes them skip nothing that works.
    """
    start = None if behind is None else find_own(work, account_id, behind.key)
    working = _own(account_id).where(~ended(work.now), *([_is_idle(work)] if idle else []))
    over = _own(account_id).where(ended(work.now))
    found: list[tuple[Token, bool]] = []
    if behind is None or not behind.ended:
        found = [(token, False) for token in work.db.scalars(_older_than(working, start).limit(PAGE_SIZE + 1))]
    if not idle and len(found) <= PAGE_SIZE:
        older = _older_than(over, start if behind is not None and behind.ended else None)
        found += [(token, True) for token in work.db.scalars(older.limit(PAGE_SIZE + 1 - len(found)))]
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return TokenPage([token for token, _ in shown], last and Place(last[0].id, last[1]))


def idle_count(work: Work, account_id: UUID) -> int:
    """How many working tokens were not used for 90 days, and are at least as old."""
    query = select(func.count()).where(Token.account_id == account_id, ~ended(work.now), _is_idle(work))
    return work.db.scalar(query) or 0


def unused(work: Work, account_id: UUID) -> list[Token]:
    """The working tokens that were not used for 90 days, and are at least as old, newest first."""
    return list(work.db.scalars(_own(account_id).where(~ended(work.now), _is_idle(work))))


def working(work: Work, account_id: UUID) -> list[Token]:
    """The tokens that work, newest first."""
    return list(work.db.scalars(_own(account_id).where(~ended(work.now))))


def revocable(work: Work, account_id: UUID, chosen: Collection[UUID]) -> list[Token]:
    """The chosen tokens that were not revoked, newest first; somebody else's are left out."""
    return list(work.db.scalars(_own(account_id).where(Token.revoked_at.is_(None), Token.id.in_(chosen))))


def _own(account_id: UUID) -> Select[Token]:
    return select(Token).where(Token.account_id == account_id).order_by(Token.created_at.desc(), Token.id.desc())


def _is_idle(work: Work) -> ColumnElement[bool]:
    return func.coalesce(Token.last_used_at, Token.created_at) <= work.now - UNUSED


def _older_than(query: Select[Token], token: Token | None) -> Select[Token]:
    if token is None:
        return query
    same_instant = and_(Token.created_at == token.created_at, Token.id < token.id)
    return query.where(or_(Token.created_at < token.created_at, same_instant))
