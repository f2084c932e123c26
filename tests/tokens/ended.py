"""What became of a token."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.tokens.models import Token
from portal.tokens.service import Created


def ended_at(instance: Instance, created: Created) -> datetime | None:
    """When it was revoked."""
    with instance.work(write=False) as work:
        return work.db.get_one(Token, created.token.id).revoked_at


def history(instance: Instance, created: Created) -> list[Entry]:
    """The events of its owner, oldest first."""
    with instance.work(write=False) as work:
        query = select(Entry).where(Entry.account_id == created.token.account_id).order_by(Entry.id)
        return list(work.db.scalars(query))
