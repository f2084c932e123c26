"""Recording and reading back what happened.

An event is stored and its subscribers are called in the same transaction, in the order in which
the application lists the packages. That is how a lower package reaches a higher one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.sql import ColumnElement

from portal.audit.events import Event, without_personal
from portal.audit.models import Entry
from portal.kernel.work import Work

PAGE_SIZE = 25
KEPT_FOR_NOBODY = timedelta(days=30)
# Of the table, and not of the class: nobody needs the entry as an object.
_ADD = cast("Table", Entry.__table__).insert()

Subscriber = Callable[[Work, Any], None]


@dataclass
class Record:
    """The recorder of an instance: `Work.record` calls it."""

    subscribers: list[tuple[type[Event], Subscriber]] = field(default_factory=list)

    def subscribe(self, kind: type[Event], subscriber: Subscriber) -> None:
        """Call `subscriber(work, event)` for each event of this class, after those subscribed before."""
        self.subscribers.append((kind, subscriber))

    def __call__(self, work: Work, event: Event) -> None:
        """Store the event, then call its subscribers, all in the transaction of `work`."""
        work.db.flush()
        work.db.execute(
            _ADD,
            {
                "at": work.now,
                "kind": event.kind,
                "facts": event.facts(),
                "account_id": event.account_id,
                "project_id": event.project_id,
                "actor_id": work.actor.account_id,
                "address": work.actor.address,
                "browser": work.actor.browser,
            },
        )
        for kind, subscriber in self.subscribers:
            if isinstance(event, kind):
                subscriber(work, event)


@dataclass(frozen=True)
class HistoryPage:
    """At most `PAGE_SIZE` entries, newest first; `older` is the key of the next page, if there is one."""

    entries: list[Entry]
    older: int | None


def account_history(work: Work, account_id: UUID, *, before: int | None = None) -> HistoryPage:
    """The events of one account before the given key, newest first."""
    return _page(work, Entry.account_id == account_id, before)


def project_history(work: Work, project_id: UUID, *, before: int | None = None) -> HistoryPage:
    """The events of one project before the given key, newest first."""
    return _page(work, Entry.project_id == project_id, before)


def _page(work: Work, which: ColumnElement[bool], before: int | None) -> HistoryPage:
    query = select(Entry).where(which)
    if before is not None:
        query = query.where(Entry.id < before)
    found = list(work.db.scalars(query.order_by(Entry.id.desc()).limit(PAGE_SIZE + 1)))
    more = len(found) > PAGE_SIZE
    entries = found[:PAGE_SIZE]
    return HistoryPage(entries, entries[-1].id if more else None)


def kinds_at(work: Work, account_id: UUID, at: datetime) -> set[str]:
    """The kinds of all events of one account at one instant: what one transaction did to it."""
    return set(work.db.scalars(select(Entry.kind).where(Entry.account_id == account_id, Entry.at == at)))


def forget_places(work: Work, account_id: UUID) -> None:
    """Blank network and browser in all that this account did, and that happened to it.

    In its own history, names that its person gave to tokens and apps are blanked as well.
    """
    own = or_(Entry.account_id == account_id, Entry.actor_id == account_id)
    work.db.execute(update(Entry).where(own).values(address="", browser=""))
    for entry in work.db.scalars(select(Entry).where(Entry.account_id == account_id)):
        kept = without_personal(entry.kind, entry.facts)
        if kept != entry.facts:
            entry.facts = kept


def forget_nobodys(work: Work) -> None:
    """Drop events a month old that stand in no history: a wrong name at sign-in, an invitation to an address.

    Whoever mistyped a name has left network and browser there, and nothing would ever find them again.
    """
    nobodys = (Entry.account_id.is_(None), Entry.project_id.is_(None))
    work.db.execute(delete(Entry).where(*nobodys, Entry.at <= work.now - KEPT_FOR_NOBODY))
