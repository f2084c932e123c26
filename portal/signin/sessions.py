"""Live sessions: made, found, touched, changed, ended.

Two modes (`Mode`). A cookie session lives an hour without activity and a day at most; a session
in limited mode a quarter of an hour and half a day. The person may choose up to ten times the
idle time (WCAG 2.2.1).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from portal.kernel.ids import digest, new_handle, new_id, new_secret
from portal.kernel.words import DOMAIN, TranslationString
from portal.kernel.work import Work
from portal.signin.errors import SessionOver
from portal.signin.events import AskedElsewhere, SessionDisplaced, SessionEndedByFailures, SessionPassedOn
from portal.signin.models import Asker, Mode, PasswordStep, Session

IDLE = {Mode.COOKIE: timedelta(hours=1), Mode.LIMITED: timedelta(minutes=15)}
ABSOLUTE = {Mode.COOKIE: timedelta(hours=24), Mode.LIMITED: timedelta(hours=12)}
LONGER = 10
CONFIRMED = timedelta(minutes=10)
OVERLAP = timedelta(seconds=60)
TOUCH_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=30)
LIMITED_AT_ONCE = 5
FAILURES = 5

__all__ = ["ABSOLUTE", "CONFIRMED", "IDLE", "LONGER"]


def start(work: Work, account_id: UUID, mode: Mode, *, longer: bool, tells_site: bool) -> tuple[Session, str]:
    """A new session of the actor's browser, and its secret (a cookie value or a handle).

    `longer`: the person asked for ten times the usual idle time. `tells_site`: the browser sends
    Fetch Metadata, so that its absence later means something.
    """
    secret = new_secret() if mode is Mode.COOKIE else new_handle()
    idle = IDLE[mode] * (LONGER if longer else 1)
    session = Session(
        id=new_id(),
        account_id=account_id,
        mode=mode,
        secret_hash=digest(secret),
        created_at=work.now,
        seen_at=work.now,
        expires_at=work.now + ABSOLUTE[mode],
        idle_seconds=int(idle.total_seconds()),
        confirmed_at=work.now,
        address=work.actor.address,
        browser=work.actor.browser,
        tells_site=tells_site,
        failures=0,
    )
    work.db.add(session)
    work.db.flush()
    if mode is Mode.LIMITED:
        _displace_oldest(work, account_id)
    return session, secret


def find(work: Work, secret: str, mode: Mode, *, reading: bool) -> Session | None:
    """The session of this secret, live or not; a replaced secret answers reading for a minute."""
    hashed = digest(secret)
    match = Session.secret_hash == hashed
    if reading:
        match = or_(match, (Session.previous_hash == hashed) & (Session.previous_until > work.now))
    return work.db.scalar(select(Session).where(match, Session.mode == mode))


def is_live(work: Work, session: Session) -> bool:
    """Whether the session still stands for its person."""
    return session.ended_at is None and not is_over_time(work, session)


def is_over_time(work: Work, session: Session) -> bool:
    """Whether the session was left alone too long, or has reached its absolute end."""
    return work.now >= session.expires_at or work.now >= session.seen_at + timedelta(seconds=session.idle_seconds)


def touch(work: Work, session: Session, *, writing: bool) -> None:
    """Note that the session is used, at most once a minute; a work that only reads has it done apart."""
    if work.now - session.seen_at < TOUCH_EVERY:
        return
    noted = update(Session).where(Session.id == session.id).values(seen_at=work.now)
    if writing:
        work.db.execute(noted)
        return
    work.settle()
    with work.apart() as apart:
        apart.db.execute(noted)
    # Not a change to be written by this work as well, which only reads.
    set_committed_value(session, "seen_at", work.now)


def replace_secret(work: Work, session: Session) -> str:
    """A new secret for the session; the old one answers reading for a minute. Counts as a confirmation."""
    secret = new_secret() if session.mode == Mode.COOKIE else new_handle()
    session.previous_hash, session.previous_until = session.secret_hash, work.now + OVERLAP
    session.secret_hash = digest(secret)
    work.db.add(session)
    return secret


def confirm(work: Work, session: Session, *, whole: bool) -> bool:
    """Note that the person has just shown who they are. Whether the session still stands: it may have been ended.

    `whole`: by everything that the account has. Only that makes failures forgotten: one of two factors
    is no proof that the guesses at the other were the owner's.
    """
    standing = update(Session).where(Session.id == session.id, Session.ended_at.is_(None))
    noted: CursorResult[Any] = work.db.execute(  # type: ignore[assignment]
        standing.values(confirmed_at=work.now, failures=0 if whole else Session.failures)
    )
    return noted.rowcount == 1


def is_confirmed(work: Work, session: Session) -> bool:
    """Whether that was less than ten minutes ago."""
    return work.now < session.confirmed_at + CONFIRMED


def require_standing(work: Work, session: Session) -> None:
    """Raise SessionOver if somebody has ended the session since it was read, or its absolute end has come.

    Ask once the transaction holds the account (`accounts.leaving.hold_open`): nobody can end it behind that.
    """
    of = select(Session.id).where(Session.id == session.id, Session.ended_at.is_(None), Session.expires_at > work.now)
    if work.db.scalar(of) is None:
        raise SessionOver


def fail(work: Work, session: Session) -> bool:
    """Count a failed confirmation; under a handle the fifth ends the session. Whether it did."""
    work.db.execute(update(Session).where(Session.id == session.id).values(failures=Session.failures + 1))
    if session.mode != Mode.LIMITED:
        return False
    ended = _end(work, (Session.id == session.id) & (Session.failures >= FAILURES))
    if ended:
        work.record(SessionEndedByFailures(account_id=session.account_id))
    return bool(ended)


def end(work: Work, session_id: UUID) -> bool:
    """End a session at once; whether it was live."""
    return bool(_end(work, Session.id == session_id))


def displace(work: Work, session: Session) -> None:
    """End a handle because its person has come with a cookie."""
    if _end(work, Session.id == session.id):
        work.record(SessionDisplaced(account_id=session.account_id))


def is_current(session: Session, secret: str) -> bool:
    """Whether this is the secret of the session, and not the one before."""
    return session.secret_hash == digest(secret)


def note_asker(work: Work, session: Session, asker: Asker) -> None:
    """Note, once, that the address of the session was asked for from elsewhere; another browser weighs more."""
    weaker = [Asker.NETWORK] if asker is Asker.BROWSER else []
    new = or_(Session.asked_from.is_(None), Session.asked_from.in_(weaker))
    which = update(Session).where(Session.id == session.id, Session.ended_at.is_(None), new)
    noted: CursorResult[Any] = work.db.execute(which.values(asked_from=asker))  # type: ignore[assignment]
    if noted.rowcount:
        work.record(AskedElsewhere(account_id=session.account_id))


def end_passed_on(work: Work, session: Session) -> None:
    """End a session whose address is in two browsers at the same time: one of them is not its person's."""
    if _end(work, Session.id == session.id):
        work.record(SessionPassedOn(account_id=session.account_id))


def keep_results(work: Work, session_id: UUID, results: list[TranslationString]) -> None:
    """Keep sentences about what was done for the next page."""
    held = [[str.__str__(sentence), dict(sentence.mapping or {})] for sentence in results]
    work.db.execute(update(Session).where(Session.id == session_id).values(results=held))


def take_results(work: Work, session: Session) -> list[TranslationString]:
    """The kept sentences, once: of two pages at the same moment one shows them."""
    if not session.results:
        return []
    work.settle()
    with work.apart() as apart:
        taken: CursorResult[Any] = apart.db.execute(  # type: ignore[assignment]
            update(Session).where(Session.id == session.id, Session.results.is_not(None)).values(results=None)
        )
    held = session.results
    set_committed_value(session, "results", None)
    kept = [TranslationString(text, domain=DOMAIN, mapping=values) for text, values in held]
    return kept if taken.rowcount else []


def forget_old(work: Work) -> None:
    """Drop the sessions that ended or expired a month ago."""
    for session in work.db.scalars(select(Session).where(Session.expires_at < work.now - KEPT)):
        work.db.delete(session)


def forget_all(work: Work, account_id: UUID) -> None:
    """Delete every session and half-made sign-in of an account that is no more."""
    for table in (Session, PasswordStep):
        work.db.execute(delete(table).where(table.account_id == account_id))


def _end(work: Work, which: Any) -> int:
    result: CursorResult[Any] = work.db.execute(  # type: ignore[assignment]
        update(Session).where(which, Session.ended_at.is_(None)).values(ended_at=work.now)
    )
    return int(result.rowcount)


def _displace_oldest(work: Work, account_id: UUID) -> None:
    live = [
        session
        for session in work.db.scalars(
            select(Session)
            .where(Session.account_id == account_id, Session.mode == Mode.LIMITED, Session.ended_at.is_(None))
            .order_by(Session.created_at.desc())
        )
        if is_live(work, session)
    ]
    for session in live[LIMITED_AT_ONCE:]:
        displace(work, session)
