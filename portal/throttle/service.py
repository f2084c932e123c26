"""Attempts are reserved before they are made, in a transaction of their own.

A conditional UPDATE decides, so of any number of attempts at the same instant no more pass than
are allowed, on every replica. What can't be counted is refused.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, case, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import ColumnElement

from portal.kernel.errors import Throttled
from portal.kernel.networks import address_of
from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.throttle.limits import FIRST_WAIT, GrowingWaits, Kind, Limit, Window, limit_of
from portal.throttle.models import Attempts

__all__ = [
    "Bucket",
    "Exhausted",
    "Kind",
    "forget_old",
    "has_begun_to_wait",
    "lift",
    "network_of",
    "reserve",
    "spend",
    "succeed",
]

log = logging.getLogger("doorward.throttle")

IPV6_NETWORK = 56
KEPT = timedelta(days=400)


class Exhausted(Throttled):
    """No attempt is left in this way: it has to be lifted, or another factor used. `until` is None."""

    def __init__(self) -> None:
        super().__init__(None)


@dataclass(frozen=True)
class Bucket:
    """What is counted together. `subject` may hold names and addresses: only a keyed hash is stored."""

    kind: Kind
    subject: str


def network_of(address: str) -> str:
    """The network an IP address is counted under: the IPv4 address itself, an IPv6 /56; empty for what is none."""
    found = address_of(address)
    if found is None:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


def reserve(work: Work, buckets: Sequence[Bucket]) -> list[Bucket]:
    """Count one attempt in every bucket, or in none. Call it before anything is hashed or sent.

    What comes back are the buckets that this very attempt closes if it fails: a first wait begins
    behind it, or it was the last one.

    Raises Throttled (`until` says when to try again), Exhausted, and TransactionOpen unless the
    work is settled. An error of the database refuses the attempt as well.
    """
    work.require_settled()
    try:
        with work.apart() as apart:
            return [bucket for bucket in _in_order(work, buckets) if _count(apart, bucket)]
    except SQLAlchemyError as error:
        log.exception("an attempt could not be counted and was refused")
        raise Throttled(work.now + FIRST_WAIT) from error


def succeed(work: Work, buckets: Sequence[Bucket]) -> None:
    """Say that the reserved attempt was right, in the caller's transaction.

    Growing waits begin anew. A window gets this one attempt back, and no more: else somebody with
    an account of their own could go on guessing others from the same network. One that counts work
    gets nothing back: else such a person could have passwords hashed without end.
    """
    for bucket in _in_order(work, buckets):
        row = update(Attempts).where(Attempts.key == _key(work, bucket))
        limit = limit_of(bucket.kind, work.settings)
        if isinstance(limit, GrowingWaits):
            work.db.execute(row.values(made=0, until=work.now))
        elif limit.gives_back:
            work.db.execute(row.where(Attempts.made > 0).values(made=Attempts.made - 1, until=work.now))


def spend(work: Work, bucket: Bucket) -> bool:
    """Count one in a window, in the caller's transaction; whether there was room."""
    try:
        _count(work, bucket)
    except Throttled:
        return False
    return True


def has_begun_to_wait(work: Work, buckets: Sequence[Bucket]) -> bool:
    """Whether the free attempts of one of these growing waits are over."""
    keys = [_key(work, bucket) for bucket in buckets]
    over = select(Attempts.key).where(Attempts.key.in_(keys), Attempts.made >= work.settings.throttle_free)
    return work.db.scalar(over.limit(1)) is not None


def lift(work: Work, buckets: Sequence[Bucket]) -> None:
    """Forget all attempts of these buckets, in the caller's transaction."""
    for bucket in _in_order(work, buckets):
        work.db.execute(update(Attempts).where(Attempts.key == _key(work, bucket)).values(made=0, until=work.now))


def forget_old(work: Work) -> None:
    """Drop the rows that decide nothing any more: reset ones, past windows, and those a year old."""
    windows = [kind for kind in Kind if isinstance(limit_of(kind, work.settings), Window)]
    reset = and_(Attempts.made == 0, Attempts.until < work.now)
    past = and_(Attempts.kind.in_(windows), Attempts.since < work.now - timedelta(days=1))
    work.db.execute(delete(Attempts).where(or_(reset, past, Attempts.until < work.now - KEPT)))


def _key(work: Work, bucket: Bucket) -> str:
    return work.vault.mac(f"{bucket.kind}\0{bucket.subject}".encode(), purpose="throttle").hex()


def _in_order(work: Work, buckets: Sequence[Bucket]) -> list[Bucket]:
    # One order for everybody: two requests that share rows can't wait for each other.
    return sorted(buckets, key=lambda bucket: _key(work, bucket))


def _count(work: Work, bucket: Bucket) -> bool:
    """Count an attempt; whether it closes the bucket."""
    key = _key(work, bucket)
    limit = limit_of(bucket.kind, work.settings)
    insert = INSERTS[work.db.get_bind().dialect.name]
    first = insert(Attempts).values(key=key, kind=bucket.kind, made=0, since=work.now, until=work.now)
    work.db.execute(first.on_conflict_do_nothing())
    fresh = _is_over(limit, work)
    # Of requests at one moment, the one that began later may be counted first: there is no wait between free ones.
    free = Attempts.made < (limit.free if isinstance(limit, GrowingWaits) else limit.ceiling)
    counted = work.db.execute(
        update(Attempts)
        .where(Attempts.key == key, or_(free, Attempts.until <= work.now), or_(Attempts.made < limit.ceiling, fresh))
        .values(made=case((fresh, 1), else_=Attempts.made + 1), since=case((fresh, work.now), else_=Attempts.since))
        .returning(Attempts.made, Attempts.since)
    ).one_or_none()
    if counted is None:
        raise _refusal(work, key, limit)
    until = limit.until(counted.made, since=counted.since, now=work.now)
    work.db.execute(update(Attempts).where(Attempts.key == key).values(until=until))
    return isinstance(limit, GrowingWaits) and counted.made in {limit.free, limit.ceiling}


def _is_over(limit: Limit, work: Work) -> ColumnElement[bool]:
    """Whether the row's window is past, so that counting begins anew."""
    start = work.now - limit.length if isinstance(limit, Window) else None
    if start is None:
        return Attempts.made < 0
    return Attempts.since <= start


def _refusal(work: Work, key: str, limit: Limit) -> Throttled:
    row = work.db.execute(select(Attempts.made, Attempts.until).where(Attempts.key == key)).one_or_none()
    if row is not None and isinstance(limit, GrowingWaits) and row.made >= limit.ceiling:
        return Exhausted()
    return Throttled(max(row.until, work.now + timedelta(seconds=1)) if row else work.now + FIRST_WAIT)
