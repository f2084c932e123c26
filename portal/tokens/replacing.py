"""A new secret for an old token: same name, same limits; the old one ends at once, or some hours later."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from portal.accounts import leaving
from portal.kernel.ids import new_id
from portal.kernel.work import Work
from portal.tokens import using
from portal.tokens.errors import AlreadyReplaced
from portal.tokens.events import TokenReplaced, TokenReplacedLater
from portal.tokens.lifetime import latest_end
from portal.tokens.limits import Expiration, Limits
from portal.tokens.models import Token, TokenLimit
from portal.tokens.narrowing import end_by
from portal.tokens.service import Created, changed, find_own, issue, require_address

LONGEST_OVERLAP = 72
"""Hours that the old token may go on."""


def replace(work: Work, account_id: UUID, token_id: UUID, *, hours: int, renewed: bool = False) -> Created:
    """A new token in the place of one that works; the old one ends after so many hours, 0 to 72.

    `renewed`: one that expires is made for as long again as the old one was, or as this index allows; else the new one
    ends when the old one would have. A token that counts its uploads, or waits for its new project, ends at once, so
    that nothing is counted twice: ValueError for hours. Raises NotFound, AddressNotConfirmed, TooManyTokens,
    EndsTooLate, TokenTooLong for one that was narrowed so often that no new one can hold its limits, and
    AlreadyReplaced for one that does not work, or the second of two; then nothing has changed.
    """
    require_address(work, account_id)
    leaving.hold_open(work, account_id)
    # Whoever narrows the token or uploads with it now comes before or after, so that no limit is lost on the way.
    using.hold(work, token_id)
    token = find_own(work, account_id, token_id)
    if not 0 <= hours <= LONGEST_OVERLAP or (hours and counts(token)):
        raise ValueError("a token goes on for at most 72 hours, and not at all if it counts")
    if token.state(work.now) != "works":
        raise AlreadyReplaced
    until = renewed_end(work, token) if renewed else token.expires_at
    limits = Limits(tuple(limit for limit in token.limits.held if not isinstance(limit, Expiration)))
    # Of a new one that can't be made nothing stays: the old one goes on as it was.
    with work.db.begin_nested():
        _retire(work, token, hours)
        created = issue(work, account_id, token.name, limits.also(_end(token, until)), expires_at=until, may=token.may)
    changed(work, update(Token).where(Token.id == token_id).values(replaced_by=created.token.id))
    work.db.expire(token)
    kind = TokenReplacedLater if hours else TokenReplaced
    work.record(
        kind(
            account_id=account_id,
            token_id=token_id,
            new_token_id=created.token.id,
            label=token.name,
            hours=hours,
            old_ends_at=token.expires_at if hours else None,
        )
    )
    return created


def counts(token: Token) -> bool:
    """Whether it has a limit that is still to be used up."""
    return token.uploads_left is not None or (token.new_project is not None and token.new_project_id is None)


def renewed_end(work: Work, token: Token) -> datetime | None:
    """When a token ends that is made now for as long as this one was, or as the index allows; None for never."""
    again = None if token.expires_at is None else work.now + (token.expires_at - token.created_at)
    return min((end for end in (again, latest_end(work)) if end is not None), default=None)


def _end(token: Token, until: datetime | None) -> list[Expiration]:
    held = token.limits.get(Expiration)
    if until is None:
        return []
    return [Expiration(int(until.timestamp()), held.not_before if held is not None else 0)]


def _retire(work: Work, token: Token, hours: int) -> None:
    """End the old token, now or later, and free its name; of two who try one does."""
    standing = update(Token).where(Token.id == token.id, Token.revoked_at.is_(None), Token.replaced_by.is_(None))
    ends = {} if hours else {"revoked_at": work.now}
    # Its own id holds the place until the new token has one.
    if changed(work, standing.values(replaced_by=token.id, live_name=None, **ends)) != 1:
        raise AlreadyReplaced
    if hours:
        until = work.now + timedelta(hours=hours)
        work.db.add(
            TokenLimit(id=new_id(), token_id=token.id, caveat=Expiration.until(until).caveat(), added_at=work.now)
        )
        end_by(work, token.id, until)
