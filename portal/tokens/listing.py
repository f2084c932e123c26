"""Which tokens an account has: those that work first, those that nobody uses, one page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from portal.kernel.work import Work
from portal.tokens.models import Token
from portal.tokens.service import ended, find_own

PAGE_SIZE = 25
UNUSED = timedelta(days=90)


@dataclass(frozen=True)
class TokenPage:
    """Tokens to be listed, newest first: those that work, then ended ones. `older` is the key of the next page."""

    tokens: list[Token]
    older: UUID | None


def listed(work: Work, account_id: UUID, *, before: UUID | None = None) -> TokenPage:
    """The account's tokens; after the first page only ended ones, older than `before`. Raises NotFound."""
    own = select(Token).where(Token.account_id == account_id).order_by(Token.created_at.desc(), Token.id.desc())
    working: list[Token] = []
    over = own.where(ended(work.now))
    if before is None:
        working = list(work.db.scalars(own.where(~ended(work.now))))
    else:
        over = _older_than(over, find_own(work, account_id, before))
    found = list(work.db.scalars(over.limit(PAGE_SIZE + 1)))
    shown = found[:PAGE_SIZE]
    return TokenPage(working + shown, shown[-1].id if len(found) > PAGE_SIZE else None)


def unused(work: Work, account_id: UUID) -> list[Token]:
    """The working tokens that were not used for 90 days, and are at least as old, newest first."""
    query = select(Token).where(Token.account_id == account_id, ~ended(work.now))
    used = func.coalesce(Token.last_used_at, Token.created_at)
    query = query.where(used <= work.now - UNUSED)
    return list(work.db.scalars(query.order_by(Token.created_at.desc(), Token.id.desc())))


def revocable(work: Work, account_id: UUID, chosen: Collection[UUID] | None = None) -> list[Token]:
    """The tokens that were not revoked, newest first: all, or the chosen ones; somebody else's are left out."""
    query = select(Token).where(Token.account_id == account_id, Token.revoked_at.is_(None))
    if chosen is not None:
        query = query.where(Token.id.in_(chosen))
    return list(work.db.scalars(query.order_by(Token.created_at.desc(), Token.id.desc())))


def _older_than(query: Select[Token], token: Token) -> Select[Token]:
    same_instant = and_(Token.created_at == token.created_at, Token.id < token.id)
    return query.where(or_(Token.created_at < token.created_at, same_instant))
