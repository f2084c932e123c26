"""Why a link no longer works: what else happened at the instant at which it was used up."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.audit.service import kinds_at
from portal.kernel.ids import digest
from portal.kernel.work import Work


def kinds_when_used(work: Work, purpose: Purpose, text: str) -> set[str]:
    """The kinds of the events with which a used link was used up or made void; empty where it was not."""
    query = select(Ticket).where(Ticket.secret_hash == digest(text), Ticket.purpose == purpose)
    ticket = work.db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if ticket is None or ticket.used_at is None:
        return set()
    return kinds_at(work, ticket.account_id, ticket.used_at)
