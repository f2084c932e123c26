"""Changing a token that is in use: its name, and what it may do. A token can only ever be made to do less."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, or_, update
from sqlalchemy.exc import IntegrityError

from portal.kernel.ids import new_id
from portal.kernel.work import Work
from portal.tokens.errors import AlreadyRevoked, NameTaken, NothingNarrower, Wider
from portal.tokens.events import TokenNarrowed, TokenRenamed
from portal.tokens.limits import Limit, Limits, UploadsLeft
from portal.tokens.models import Token, TokenLimit
from portal.tokens.service import changed, find_own, name_key


def narrow(work: Work, account_id: UUID, token_id: UUID, limits: Collection[Limit]) -> Token:
    """Add limits to a token and to every copy of it, at once.

    Raises NotFound, AlreadyRevoked for one that no longer works, Wider for a limit that would allow more than the
    token does, and NothingNarrower where all of them are there already.
    """
    token = find_own(work, account_id, token_id)
    if token.state(work.now) != "works":
        raise AlreadyRevoked
    added = _narrower(token.limits, limits)
    # Changing the row makes uploads with this token wait, so that none slips through under the old limits.
    working = update(Token).where(Token.id == token_id, Token.revoked_at.is_(None))
    if changed(work, working.values(name=Token.name)) != 1:
        raise AlreadyRevoked
    _write(work, token, added)
    caveats = tuple(limit.caveat() for limit in added if limit.tag is not None)
    work.record(TokenNarrowed(account_id=account_id, token_id=token_id, label=token.name, caveats=caveats))
    return token


def _narrower(held: Limits, wanted: Collection[Limit]) -> list[Limit]:
    for limit in wanted:
        present = held.get(type(limit))
        if present is not None and not limit.within(present):
            raise Wider(type(limit))
    added = [limit for limit in wanted if limit != held.get(type(limit))]
    if not added:
        raise NothingNarrower
    return added


def _write(work: Work, token: Token, added: Collection[Limit]) -> None:
    fixed = [limit for limit in added if limit.tag is not None]
    token.rows += [TokenLimit(id=new_id(), caveat=limit.caveat(), added_at=work.now) for limit in fixed]
    work.db.flush()
    together = Limits.of(added)
    if (left := together.get(UploadsLeft)) is not None:
        more = or_(Token.uploads_left.is_(None), Token.uploads_left > left.count)
        changed(work, update(Token).where(Token.id == token.id, more).values(uploads_left=left.count))
    if (until := together.expires_at) is not None:
        end_by(work, token.id, until)
    work.db.expire(token)


def end_by(work: Work, token_id: UUID, until: datetime) -> None:
    """Write the end of a token on its row, unless it ends before that anyway."""
    later = or_(Token.expires_at.is_(None), Token.expires_at > until)
    changed(work, update(Token).where(Token.id == token_id, later).values(expires_at=until))


def rename(work: Work, account_id: UUID, token_id: UUID, name: str) -> Token:
    """Give a token another name. Raises NotFound, AlreadyRevoked and, where another working token has it, NameTaken."""
    token = find_own(work, account_id, token_id)
    if token.revoked_at is not None:
        raise AlreadyRevoked
    before = token.name
    try:
        with work.db.begin_nested():
            # One that was just replaced and goes on for a while has given its name away: it gets none back.
            live = case((Token.live_name.is_not(None), name_key(name)))
            standing = update(Token).where(Token.id == token_id, Token.revoked_at.is_(None))
            done = changed(work, standing.values(name=name, live_name=live))
    except IntegrityError as error:
        raise NameTaken from error
    if done != 1:
        raise AlreadyRevoked
    work.db.expire(token)
    work.record(TokenRenamed(account_id=account_id, token_id=token_id, label=name, before=before))
    return token
