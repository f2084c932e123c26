"""An event of the tests' own, which no package of the product subscribes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.audit.events import Event, transient
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class BookLent(Event):
    """A book was lent."""

    kind = "test.book.lent"
    sentence = _("Book ${title} lent to ${readers} until ${until}.")

    title: str = "Emma"
    readers: tuple[str, ...] = ()
    until: datetime | None = None
    book_id: UUID | None = None
    ticket: str = transient()
