"""Ending tokens that were found.

Whoever has the whole token, or a copy that was narrowed, has what its owner alone should have. So the
whole chain of HMACs decides, and nothing else: an identifier, which is no secret, ends nothing. A narrowed copy
ends the token it was made from, because what was taken away can't be told from what was never there.

What anybody pastes is only written down, and the worker looks at it: so the answer can't differ, not even in time,
by whether it was a token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select, update

from portal.audit.events import Event
from portal.kernel.deferred import deal_with_all, defer
from portal.kernel.vault import Unsealable
from portal.kernel.work import SYSTEM, Instance, Work
from portal.throttle.service import Bucket, Kind, network_of, reserve
from portal.tokens import known, service
from portal.tokens.leaks.events import TokenEndedByOperator, TokenLeaked
from portal.tokens.leaks.models import FoundToken
from portal.tokens.macaroon import Unreadable, read
from portal.tokens.models import Token

TEXT_LIMIT = 8 * 1024
EVERY = timedelta(seconds=10)
# Looked for at every place: what is in front of a token can look like the beginning of one.
TOKEN = re.compile(r"(?=(pypi-[A-Za-z0-9_-]{16,}={0,2}))")
ID_START = re.compile("[0-9a-f]{8,32}")
TRIED = 10


def report(work: Work, text: str) -> None:
    """Write down what somebody has found; nothing is looked at. Raises Throttled and TransactionOpen.

    More than 8 KB can't be a token: what is beyond is dropped.
    """
    reserve(work, [Bucket(Kind.FOUND, network_of(work.actor.address))])
    # Nothing is kept of whoever found it.
    defer(work.acting_as(SYSTEM), FoundToken, text=text[:TEXT_LIMIT])


def take_all(instance: Instance) -> int:
    """Look at what was reported; how many texts held a token of ours. Called by the worker."""
    return deal_with_all(instance, FoundToken, end_found)


def end_found(work: Work, text: str, *, url: str = "") -> bool:
    """End the token in this text, the first of ours if there are several; whether one is in it.

    `url` is where it was found. One that no longer works was ours all the same; nobody is told twice.
    """
    token = recognise(work, text)
    if token is None:
        return False
    _end(work, token, lambda: TokenLeaked(account_id=token.account_id, token_id=token.id, label=token.name, url=url))
    return True


def end_by_operator(work: Work, token: Token) -> bool:
    """End a token; whether it was this call that did."""
    return _end(
        work, token, lambda: TokenEndedByOperator(account_id=token.account_id, token_id=token.id, label=token.name)
    )


def recognise(work: Work, text: str) -> Token | None:
    """The first token of ours whose whole chain is in this text, also if it is wrapped; None where there is none."""
    return next((token for found in _like_tokens(text[:TEXT_LIMIT]) if (token := _ours(work, found))), None)


def with_id(work: Work, text: str) -> list[Token]:
    """The tokens whose id is this, or begins so, as far as people are shown it (8 hexadecimal digits or more).

    For operators: an id is no secret, and ends nothing for anybody else. At most ten; empty for what is no id.
    """
    digits = text.strip().rstrip("….").replace("-", "").lower()
    if not ID_START.fullmatch(digits):
        return []
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    return list(work.db.scalars(select(Token).where(Token.id.between(first, last)).order_by(Token.id).limit(TRIED)))


def _like_tokens(text: str) -> Iterator[str]:
    """What looks like a token: the first in the text as it is, then in the text without its white space."""
    for held in (text, "".join(text.split())):
        yield from (found[1] for found in islice(TOKEN.finditer(held), TRIED))


def _ours(work: Work, text: str) -> Token | None:
    try:
        sent = read(text)
    except Unreadable:
        return None
    row = known.with_owner(work, sent.token_id)
    try:
        return row.token if row is not None and sent.signed_by(known.open_key(work, row.token)) else None
    except Unsealable:
        return None


def _end(work: Work, token: Token, event: Callable[[], Event]) -> bool:
    live = update(Token).where(Token.id == token.id, Token.revoked_at.is_(None))
    if service.changed(work, live.values(revoked_at=work.now, live_name=None)) != 1:
        return False
    # Whoever found it did a good turn: neither network nor browser of theirs is shown to the owner.
    work.acting_as(SYSTEM).record(event())
    return True
