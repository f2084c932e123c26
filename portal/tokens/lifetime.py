"""How long API tokens live: which have ended, and how long one may live at most (the setting `token_days`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from portal.kernel.work import Work
from portal.tokens.errors import EndsTooLate
from portal.tokens.models import Token


def ended(now: datetime) -> ColumnElement[bool]:
    """Which rows are of tokens that no longer work."""
    return or_(Token.revoked_at.is_not(None), and_(Token.expires_at.is_not(None), Token.expires_at <= now))


def latest_end(work: Work) -> datetime | None:
    """When a token that is made now must have ended; None where there is no bound."""
    days = work.settings.token_days
    return work.now + timedelta(days=days) if days else None


def allows(work: Work, end: datetime | None) -> bool:
    """Whether a token that is made now may end then; None for never."""
    latest = latest_end(work)
    return latest is None or (end is not None and end <= latest)


def check_end(work: Work, end: datetime | None) -> None:
    """Raise EndsTooLate for a new token that would live longer than this index allows; `end` is None for never."""
    if not allows(work, end):
        raise EndsTooLate


def outliving(work: Work) -> int:
    """How many tokens work longer than one that is made now could: they were made before there was such a bound."""
    latest = latest_end(work)
    if latest is None:
        return 0
    later = or_(Token.expires_at.is_(None), Token.expires_at > latest)
    return work.db.scalar(select(func.count()).select_from(Token).where(~ended(work.now), later)) or 0
