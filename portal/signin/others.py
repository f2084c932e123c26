"""The live sessions of an account, and ending those that are not this one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.kernel.work import Work
from portal.signin import sessions
from portal.signin.events import SessionEndedElsewhere
from portal.signin.models import Session

NAME_LIFE = timedelta(days=1)
KNOWN = 50
UNKNOWN_BROWSER = "–"


def live_sessions(work: Work, account_id: UUID) -> list[Session]:
    """The sessions in which somebody is signed in to this account, the newest first."""
    query = select(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
    found = work.db.scalars(query.order_by(Session.created_at.desc(), Session.id))
    return [session for session in found if sessions.is_live(work, session)]


def known_sessions(work: Work, account_id: UUID) -> list[UUID]:
    """The ids of the newest sessions of an account, live or over."""
    query = select(Session.id).where(Session.account_id == account_id)
    return list(work.db.scalars(query.order_by(Session.created_at.desc()).limit(KNOWN)))


def name_of(work: Work, session: Session) -> str:
    """A name for the session that says nothing to anybody but us, for a hidden field of its owner's forms."""
    facts = {"session": str(session.id)}
    return work.vault.seal_field(facts, purpose=_purpose(session.account_id), until=work.now + NAME_LIFE)


def named(work: Work, account_id: UUID, name: str) -> UUID:
    """The session of a name that was given out to this account within a day. Raises Unsealable."""
    return UUID(work.vault.open_field(name, purpose=_purpose(account_id), now=work.now)["session"])


def end_one(work: Work, account_id: UUID, session_id: UUID) -> bool:
    """End one session of the account at once; whether it was still live."""
    session = work.db.get(Session, session_id)
    if session is None or session.account_id != account_id or not sessions.is_live(work, session):
        return False
    return _end(work, session)


def end_all(work: Work, account_id: UUID, *, but: UUID | None = None) -> int:
    """End every live session of the account at once, except `but`; how many there were."""
    return sum(_end(work, session) for session in live_sessions(work, account_id) if session.id != but)


def _end(work: Work, session: Session) -> bool:
    if not sessions.end(work, session.id):
        return False
    work.record(SessionEndedElsewhere(account_id=session.account_id, browser=session.browser or UNKNOWN_BROWSER))
    return True


def _purpose(account_id: UUID) -> str:
    return f"session-name:{account_id}"
