"""API tokens of an account.

A token is shown once, in the answer that creates it; what is kept is the key that made it, sealed.
The limits chosen at creation are inside the token. It may be ended by its owner at any time, and
of two who end it at the same instant one does.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, Update, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.factors import service as factors
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id
from portal.kernel.work import Work
from portal.projects import service as projects_service
from portal.tokens import limits
from portal.tokens.errors import AddressNotConfirmed, AlreadyRevoked, NameTaken, TooManyTokens
from portal.tokens.events import ExpiredTokenTried, ProjectTokenCreated, RevokedTokenTried, TokenCreated, TokenRevoked
from portal.tokens.macaroon import KEY_BYTES, mint
from portal.tokens.models import Token

LIVE_LIMIT = 100
PROJECT_LIMIT = 50
PAGE_SIZE = 25
USE_NOTED_EVERY = timedelta(minutes=1)
REFUSAL_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Created:
    """A new token: its row, and the secret, which nobody can see again."""

    token: Token
    secret: str = field(repr=False)


@dataclass(frozen=True)
class TokenPage:
    """Tokens to be listed, newest first: those that work, then ended ones. `older` is the key of the next page."""

    tokens: list[Token]
    older: UUID | None


def create(
    work: Work, account_id: UUID, *, name: str, projects: Collection[str] | None, expires_at: datetime | None
) -> Created:
    """A new token for uploads: to these projects (normalized names), or to all that the account may upload to (None).

    Raises AddressNotConfirmed, NotFound for a project that the account may not upload to, NameTaken,
    TooManyTokens and TokenTooLong. A project list must hold 1 to 50 names.
    """
    require_address(work, account_id)
    chosen = _checked(work, account_id, projects)
    _make_room(work, account_id)
    token = Token(
        id=new_id(),
        account_id=account_id,
        name=name,
        live_name=name_key(name),
        projects=chosen,
        created_at=work.now,
        created_with_2fa=factors.has_factor(work, account_id),
        expires_at=expires_at,
    )
    key = secrets.token_bytes(KEY_BYTES)
    secret = mint(location=work.settings.host, token_id=token.id, key=key, caveats=_caveats(token))
    token.sealed_key = work.vault.seal(key, purpose=_key_purpose(token.id))
    _insert(work, token)
    event = ProjectTokenCreated if chosen else TokenCreated
    work.record(
        event(
            account_id=account_id,
            token_id=token.id,
            label=name,
            scope=tuple(chosen or ()),
            expires_at=expires_at,
            with_2fa=token.created_with_2fa,
        )
    )
    return Created(token, secret)


def require_address(work: Work, account_id: UUID) -> None:
    """Raise AddressNotConfirmed unless the account has a confirmed address."""
    if accounts.confirmed_address(work, account_id) is None:
        raise AddressNotConfirmed


def name_key(name: str) -> str:
    """The form in which two token names are equal."""
    return unicodedata.normalize("NFKC", name).casefold()


def find_own(work: Work, account_id: UUID, token_id: UUID) -> Token:
    """A token of this account. Raises NotFound."""
    found = work.db.get(Token, token_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


def listed(work: Work, account_id: UUID, *, before: UUID | None = None) -> TokenPage:
    """The account's tokens; after the first page only ended ones, older than `before`. Raises NotFound."""
    own = select(Token).where(Token.account_id == account_id).order_by(Token.created_at.desc(), Token.id.desc())
    working: list[Token] = []
    ended = own.where(_ended(work.now))
    if before is None:
        working = list(work.db.scalars(own.where(~_ended(work.now))))
    else:
        ended = _older_than(ended, find_own(work, account_id, before))
    found = list(work.db.scalars(ended.limit(PAGE_SIZE + 1)))
    shown = found[:PAGE_SIZE]
    return TokenPage(working + shown, shown[-1].id if len(found) > PAGE_SIZE else None)


def revoke_all(work: Work, account_id: UUID) -> None:
    """End every token of the account that still works."""
    for token in work.db.scalars(select(Token).where(Token.account_id == account_id, ~_ended(work.now))).all():
        with suppress(AlreadyRevoked):
            revoke(work, account_id, token.id, with_others=True)


def forget_all(work: Work, account_id: UUID) -> None:
    """Delete every token of an account that is no more."""
    work.db.execute(delete(Token).where(Token.account_id == account_id))


def revoke(work: Work, account_id: UUID, token_id: UUID, *, with_others: bool = False) -> Token:
    """End a token. Raises NotFound, and AlreadyRevoked for the second of two."""
    token = find_own(work, account_id, token_id)
    live = update(Token).where(Token.id == token_id, Token.revoked_at.is_(None))
    if _changed(work, live.values(revoked_at=work.now, live_name=None)) != 1:
        raise AlreadyRevoked
    work.record(TokenRevoked(account_id=account_id, token_id=token_id, label=token.name, with_others=with_others))
    return token


def with_owner(work: Work, token_id: UUID) -> tuple[Token, str] | None:
    """A token and the user name of its owner, whatever its state."""
    query = select(Token, Account.username).join(Account, Account.id == Token.account_id).where(Token.id == token_id)
    row = work.db.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def open_key(work: Work, token: Token) -> bytes:
    """The root key of a token. Raises Unsealable."""
    return work.vault.open(token.sealed_key, purpose=_key_purpose(token.id))


def has_ended(work: Work, token_id: UUID) -> bool:
    """Whether a token is revoked, expired or gone; what is found stays so until the transaction ends."""
    query = select(Token).where(Token.id == token_id, ~_ended(work.now)).with_for_update(read=True)
    return work.db.scalars(query).one_or_none() is None


def note_use(work: Work, token_id: UUID) -> None:
    """Write down that a token was used now, unless it was revoked or that was done within the last minute."""
    due = or_(Token.last_used_at.is_(None), Token.last_used_at <= work.now - USE_NOTED_EVERY)
    live = update(Token).where(Token.id == token_id, Token.revoked_at.is_(None), due)
    _changed(work, live.values(last_used_at=work.now))


def note_refusal(work: Work, token: Token) -> None:
    """Put the use of an ended token into the history of its owner, at most once an hour; stays whatever follows.

    Raises TransactionOpen unless the work is settled.
    """
    kind = RevokedTokenTried if token.revoked_at else ExpiredTokenTried
    with work.apart() as apart:
        due = or_(Token.last_refused_at.is_(None), Token.last_refused_at <= work.now - REFUSAL_NOTED_EVERY)
        if _changed(apart, update(Token).where(Token.id == token.id, due).values(last_refused_at=work.now)):
            apart.record(kind(account_id=token.account_id, token_id=token.id, label=token.name))


def _checked(work: Work, account_id: UUID, projects: Collection[str] | None) -> list[str] | None:
    if projects is None:
        return None
    own = {project.normalized for project in projects_service.uploadable(work, account_id)}
    if not own.issuperset(projects):
        raise NotFound
    if not 1 <= len(projects) <= PROJECT_LIMIT:
        raise ValueError("a token is for 1 to 50 chosen projects")
    return sorted(projects)


def _make_room(work: Work, account_id: UUID) -> None:
    """Give the names of expired tokens free, and count the rest."""
    own = Token.account_id == account_id
    _changed(work, update(Token).where(own, _ended(work.now), Token.live_name.is_not(None)).values(live_name=None))
    live = work.db.scalar(select(func.count()).where(own, Token.live_name.is_not(None))) or 0
    if live >= LIVE_LIMIT:
        raise TooManyTokens(LIVE_LIMIT)


def _caveats(token: Token) -> list[str]:
    held = [limits.account(token.account_id)]
    held += [limits.project_names(token.projects)] if token.projects else []
    return held + ([limits.expiration(token.expires_at)] if token.expires_at else [])


def _insert(work: Work, token: Token) -> None:
    try:
        with work.db.begin_nested():
            work.db.add(token)
    except IntegrityError as error:
        raise NameTaken from error


def _key_purpose(token_id: UUID) -> str:
    return f"token-key:{token_id}"


def _ended(now: datetime) -> ColumnElement[bool]:
    return or_(Token.revoked_at.is_not(None), and_(Token.expires_at.is_not(None), Token.expires_at <= now))


def _older_than(query: Select[Token], token: Token) -> Select[Token]:
    same_instant = and_(Token.created_at == token.created_at, Token.id < token.id)
    return query.where(or_(Token.created_at < token.created_at, same_instant))


def _changed(work: Work, statement: Update) -> int:
    return cast("CursorResult[None]", work.db.execute(statement)).rowcount
