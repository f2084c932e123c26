"""E-mailed links: stored hashed, for one purpose, used once by a conditional UPDATE."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.models import Ticket
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.ids import digest, new_secret
from portal.kernel.work import Work

TEXT_LIMIT = 64
KEPT = timedelta(days=30)


class Purpose(StrEnum):
    """What a link is for. A link of one purpose is unknown to every other page."""

    CONFIRM_ADDRESS = "confirm-address"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - the name of a purpose
    LIFT_WAIT = "lift-wait"
    NOT_ME = "not-me"
    INVITATION = "invitation"
    RECOVERY = "recovery"
    STOP_RECOVERY = "stop-recovery"


def issue(work: Work, purpose: Purpose, account_id: UUID, address_id: UUID | None, *, life: timedelta) -> str:
    """A new link's secret text. It is known to nobody but the letter that carries it."""
    secret = new_secret()
    work.db.add(
        Ticket(
            purpose=purpose,
            account_id=account_id,
            address_id=address_id,
            secret_hash=digest(secret),
            created_at=work.now,
            expires_at=work.now + life,
        )
    )
    return secret


def find(work: Work, purpose: Purpose, text: str) -> Ticket:
    """The ticket of a link that still works. Raises NotFound, TicketUsed and TicketExpired."""
    found = None
    if len(text) <= TEXT_LIMIT:
        query = select(Ticket).where(Ticket.secret_hash == digest(text), Ticket.purpose == purpose)
        found = work.db.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    if found.used_at is not None:
        raise TicketUsed
    if found.expires_at <= work.now:
        raise TicketExpired
    return found


def take(work: Work, ticket: Ticket) -> None:
    """Use the link up, in the caller's transaction; of two takers one wins. Raises AlreadyUsed."""
    unused = update(Ticket).where(Ticket.id == ticket.id, Ticket.used_at.is_(None), Ticket.expires_at > work.now)
    taken = cast("CursorResult[None]", work.db.execute(unused.values(used_at=work.now)))
    if taken.rowcount != 1:
        raise AlreadyUsed


def take_any(work: Work, purpose: Purpose, account_id: UUID) -> bool:
    """Use up the links of this purpose and account that still work, in the caller's transaction; whether there were."""
    live = update(Ticket).where(Ticket.purpose == purpose, Ticket.account_id == account_id, Ticket.used_at.is_(None))
    taken = work.db.execute(live.where(Ticket.expires_at > work.now).values(used_at=work.now))
    return cast("CursorResult[None]", taken).rowcount > 0


def void(work: Work, purpose: Purpose, account_id: UUID) -> None:
    """Let every link of this purpose and account be used up, in the caller's transaction."""
    unused = update(Ticket).where(Ticket.purpose == purpose, Ticket.account_id == account_id, Ticket.used_at.is_(None))
    work.db.execute(unused.values(used_at=work.now))


def forget_old(work: Work) -> None:
    """Drop tickets whose time was over a month ago; until then their page can say so."""
    work.db.execute(delete(Ticket).where(Ticket.expires_at < work.now - KEPT))
