"""Telling owners of tokens that end soon: 30 days before, and 7 days before, once each."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from portal.kernel.work import Instance, Work
from portal.tokens.events import TokenEndsSoon
from portal.tokens.lifetime import ended
from portal.tokens.models import Token
from portal.tokens.service import changed

DAYS = (7, 30)


def sweep(instance: Instance) -> None:
    """Remind the owners of all tokens that are due; one transaction a token, so that none keeps another."""
    for days in DAYS:
        with instance.work(write=False) as work:
            due = _due(work, days)
        for token_id in due:
            with instance.work() as work:
                remind(work, token_id, days)


def _due(work: Work, days: int) -> list[UUID]:
    """Tokens that end within so many days and whose owner was not told so; replaced ones end on purpose."""
    untold = or_(Token.reminded.is_(None), Token.reminded > days)
    soon = (~ended(work.now), Token.expires_at <= work.now + timedelta(days=days), Token.replaced_by.is_(None))
    return list(work.db.scalars(select(Token.id).where(*soon, untold).order_by(Token.expires_at)))


def remind(work: Work, token_id: UUID, days: int) -> None:
    """Tell it, unless somebody was faster. Who made a token for no longer than that needs no letter."""
    untold = or_(Token.reminded.is_(None), Token.reminded > days)
    one = update(Token).where(Token.id == token_id, ~ended(work.now), untold)
    if changed(work, one.values(reminded=days)) != 1:
        return
    token = work.db.get_one(Token, token_id)
    if token.expires_at is not None and token.expires_at - token.created_at > timedelta(days=days):
        work.record(
            TokenEndsSoon(
                account_id=token.account_id,
                token_id=token_id,
                label=token.name,
                days=days,
                expires_at=token.expires_at,
            )
        )
