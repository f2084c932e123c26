"""Whether a token stands by itself, whatever it is used for; and telling its owner where it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import InstrumentedAttribute

from portal.kernel.work import Work
from portal.tokens import errors
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import Limits, Use
from portal.tokens.models import Token
from portal.tokens.service import changed
from portal.tokens.tries.events import (
    CopyTriedElsewhere,
    EarlyCopyTried,
    EarlyTokenTried,
    ExpiredCopyTried,
    ExpiredTokenTried,
    RevokedTokenTried,
    TokenTried,
    TokenTriedElsewhere,
)

NOTED_EVERY = timedelta(hours=1)
Tried = Mapping[str, type[TokenTried]]
Clock = InstrumentedAttribute[datetime | None]
"""When something was told last. Copies have their own: a useless one must not hide what is done with the token."""
About = Callable[[], str]
"""Says what was to be uploaded. Asked only where that is written down."""

OWN: Tried = {
    "revoked": RevokedTokenTried,
    "expired": ExpiredTokenTried,
    "not-yet-valid": EarlyTokenTried,
    "other-network": TokenTriedElsewhere,
}
"""Refusals, by their code, by what the owner gave the token."""
COPIES: Tried = {
    "expired": ExpiredCopyTried,
    "not-yet-valid": EarlyCopyTried,
    "other-network": CopyTriedElsewhere,
    "unknown-limit": TokenTried,
    "other-account": TokenTried,
}
"""The same for what a holder of the token took from a copy."""


def nothing() -> str:
    """Nobody knows what was to be uploaded."""
    return ""


def check_standing(work: Work, token: Token, limits: Limits, use: Use, about: About = nothing) -> None:
    """Raise TokenRefused, and tell the owner, where the token, or the copy with these limits, can't be used now.

    Revoked comes first, it can't be mended. Raises TransactionOpen unless the work is settled.
    """
    if token.revoked_at is not None:
        note(work, token, RevokedTokenTried, about, Token.last_refused_at)
        raise errors.revoked()
    clocks = ((token.limits, OWN, Token.last_refused_at), (limits, COPIES, Token.copy_refused_at))
    for held, told, clock in clocks:
        try:
            held.check(use)
        except TokenRefused as refusal:
            if refusal.code in told:
                note(work, token, told[refusal.code], about, clock)
            raise


def note(work: Work, token: Token, kind: type[TokenTried], about: About, clock: Clock) -> None:
    """Put a refused use into the history of the owner, at most once an hour by this clock; stays whatever follows."""
    last: datetime | None = getattr(token, clock.key)
    if last and last > work.now - NOTED_EVERY:
        # Whoever sends a token that they found a thousand times a second makes one write an hour.
        return
    upload = about()
    with work.apart() as apart:
        due = or_(clock.is_(None), clock <= work.now - NOTED_EVERY)
        if changed(apart, update(Token).where(Token.id == token.id, due).values({clock: work.now})):
            apart.record(kind(account_id=token.account_id, token_id=token.id, label=token.name, upload=upload))
