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
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import leaving
from portal.accounts import service as accounts
from portal.factors import service as factors
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id
from portal.kernel.work import Work
from portal.projects import service as projects_service
from portal.tokens.errors import AddressNotConfirmed, AlreadyRevoked, NameTaken, TooManyTokens
from portal.tokens.events import (
    DownloadTokenCreated,
    NewProjectTokenCreated,
    ProjectTokenCreated,
    TokenCreated,
    TokenRevoked,
    TokensRevoked,
)
from portal.tokens.known import key_purpose
from portal.tokens.lifetime import check_end, ended
from portal.tokens.limits import DownloadsOnly, Expiration, Limit, Limits, NewProject, Owner, ProjectNames, UploadsLeft
from portal.tokens.macaroon import KEY_BYTES, mint
from portal.tokens.models import DOWNLOAD, UPLOAD, May, Token, TokenLimit

LIVE_LIMIT = 100
PROJECT_LIMIT = 50


@dataclass(frozen=True)
class Created:
    """A new token: its row, and the secret, which nobody can see again."""

    token: Token
    secret: str = field(repr=False)


def create(
    work: Work,
    account_id: UUID,
    *,
    name: str,
    projects: Collection[str] | None,
    expires_at: datetime | None,
    limits: Collection[Limit] = (),
    may: May = UPLOAD,
) -> Created:
    """A new token, for uploads unless `may` says something else.

    It reaches these projects (normalized names), or with None all that the account may upload to.

    `limits` are further ones; with a `NewProject` among them, it is for that project only. Raises
    AddressNotConfirmed, NotFound for a project that the account may not upload to, NameTaken, TooManyTokens,
    TokenTooLong, EndsTooLate, and for a new project what `projects.service.check_awaited` raises. A project list must
    hold 1 to 50 names.
    """
    require_address(work, account_id)
    _check_new(work, limits)
    chosen = [] if projects is None else [ProjectNames.of(_checked(work, account_id, projects))]
    ends = [] if expires_at is None else [Expiration.until(expires_at)]
    does = [DownloadsOnly()] if may == DOWNLOAD else []
    held = Limits.of([*does, *chosen, *ends, *limits])
    created = issue(work, account_id, name, held, expires_at=expires_at, may=may)
    _tell_created(work, created.token)
    return created


def issue(
    work: Work, account_id: UUID, name: str, limits: Limits, *, expires_at: datetime | None, **traits: Any
) -> Created:
    """Write the row of a new token with exactly these limits; tells nobody. `traits`: its `may`, and whether `minted`.

    A change of the password, or closing, at the same instant waits for this transaction and finds the token, or
    comes first: ask afterwards whether the session still stands (`signin.policy.require_live`).
    `expires_at` is the end of the limits, not rounded to seconds. Raises EndsTooLate, NameTaken, TooManyTokens and
    TokenTooLong, and NotFound where the account is closed.
    """
    check_end(work, expires_at)
    leaving.hold_open(work, account_id)
    _make_room(work, account_id)
    token = Token(
        id=new_id(),
        account_id=account_id,
        name=name,
        live_name=name_key(name),
        created_at=work.now,
        created_with_2fa=factors.has_factor(work, account_id),
        expires_at=expires_at,
        **traits,
    )
    keep_changing(token, limits)
    fixed = _fixed(account_id, limits)
    token.rows = [TokenLimit(id=new_id(), caveat=limit.caveat(), added_at=work.now) for limit in fixed]
    key = secrets.token_bytes(KEY_BYTES)
    caveats = [limit.caveat() for limit in fixed]
    secret = mint(location=work.settings.host, token_id=token.id, key=key, caveats=caveats)
    token.sealed_key = work.vault.seal(key, purpose=key_purpose(token.id))
    _insert(work, token)
    return Created(token, secret)


def keep_changing(token: Token, limits: Limits) -> None:
    """Put the limits that change with each use on the row of a new token."""
    left, new = limits.get(UploadsLeft), limits.get(NewProject)
    token.uploads_left = None if left is None else left.count
    token.new_project, token.new_project_id = (None, None) if new is None else (new.name, new.bound)


def _fixed(account_id: UUID, limits: Limits) -> list[Limit]:
    """What stands in the token itself. A new project is named there as well, so that other tools see it."""
    new = limits.get(NewProject)
    named = [] if new is None else [ProjectNames.of([new.name])]
    return [limit for limit in Limits.of([Owner.of(account_id), *named, *limits.held]).held if limit.tag is not None]


def _tell_created(work: Work, token: Token) -> None:
    event = ProjectTokenCreated if token.projects else TokenCreated
    scope = [*projects_service.spelled(work, token.projects or ()).values()]
    if token.may == DOWNLOAD:
        event = DownloadTokenCreated
    if token.new_project is not None:
        event, scope = NewProjectTokenCreated, [token.new_project]
    work.record(
        event(
            account_id=token.account_id,
            token_id=token.id,
            label=token.name,
            scope=tuple(scope),
            expires_at=token.expires_at,
            with_2fa=token.created_with_2fa,
            further=tuple(token.limits.sentences(str, without=(Expiration, ProjectNames, NewProject))),
        )
    )


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


def revoke_all(work: Work, account_id: UUID) -> None:
    """End every token of the account that still works."""
    for token in work.db.scalars(select(Token).where(Token.account_id == account_id, ~ended(work.now))).all():
        with suppress(AlreadyRevoked):
            revoke(work, account_id, token.id, with_others=True)


def forget_all(work: Work, account_id: UUID) -> None:
    """Delete every token of an account that is no more."""
    work.db.execute(delete(Token).where(Token.account_id == account_id))


def revoke(work: Work, account_id: UUID, token_id: UUID, *, with_others: bool = False) -> Token:
    """End a token. Raises NotFound, and AlreadyRevoked for the second of two."""
    token = find_own(work, account_id, token_id)
    live = update(Token).where(Token.id == token_id, Token.revoked_at.is_(None))
    if changed(work, live.values(revoked_at=work.now, live_name=None)) != 1:
        raise AlreadyRevoked
    work.record(TokenRevoked(account_id=account_id, token_id=token_id, label=token.name, with_others=with_others))
    return token


def revoke_many(work: Work, account_id: UUID, token_ids: Collection[UUID]) -> int:
    """End several tokens at once, with one letter; how many this ended. Others' and revoked ones are left out."""
    ended_now = []
    for token_id in sorted(set(token_ids)):
        with suppress(AlreadyRevoked, NotFound):
            ended_now.append(revoke(work, account_id, token_id, with_others=True).name)
    if ended_now:
        work.record(TokensRevoked(account_id=account_id, labels=tuple(ended_now)))
    return len(ended_now)


def require_uploadable(work: Work, account_id: UUID, projects: Collection[str]) -> None:
    """Raise NotFound unless the account may upload to all of these projects (normalized names)."""
    own = {project.normalized for project in projects_service.uploadable(work, account_id)}
    if not own.issuperset(projects):
        raise NotFound


def _checked(work: Work, account_id: UUID, projects: Collection[str]) -> list[str]:
    require_uploadable(work, account_id, projects)
    if not 1 <= len(projects) <= PROJECT_LIMIT:
        raise ValueError("a token is for 1 to 50 chosen projects")
    return sorted(projects)


def _check_new(work: Work, limits: Collection[Limit]) -> None:
    new = Limits.of(limits).get(NewProject)
    if new is not None:
        projects_service.check_awaited(work, new.name)


def _make_room(work: Work, account_id: UUID) -> None:
    """Give the names of expired tokens free, and count the rest."""
    own = Token.account_id == account_id
    changed(work, update(Token).where(own, ended(work.now), Token.live_name.is_not(None)).values(live_name=None))
    if (work.db.scalar(select(func.count()).where(own, ~ended(work.now))) or 0) >= LIVE_LIMIT:
        raise TooManyTokens(LIVE_LIMIT)


def _insert(work: Work, token: Token) -> None:
    try:
        with work.db.begin_nested():
            work.db.add(token)
    except IntegrityError as error:
        raise NameTaken from error


def changed(work: Work, statement: Update) -> int:
    """How many rows a statement changes: what decides who was first."""
    return cast("CursorResult[None]", work.db.execute(statement)).rowcount
