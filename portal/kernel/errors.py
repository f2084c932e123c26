"""The families of refusals. Domains subclass them and carry facts, never text for people.

`portal.web.errors` has one page a family. A refused attempt that must stay in the history is
returned by a view as a 4xx answer instead: raising rolls the transaction back.
"""

from __future__ import annotations

from datetime import datetime


class DoorwardError(Exception):
    """Base of every refusal that the product itself decides."""


class NotFound(DoorwardError):
    """No such thing, or not the asker's: the two are told apart by nobody."""


class Refused(DoorwardError):
    """Known who asks, and the answer is no."""


class Conflict(DoorwardError):
    """The thing was in that state already, or somebody else was first."""


class AlreadyUsed(Conflict):
    """A thing that works once has worked."""


class Gone(DoorwardError):
    """It was there and its time is over."""


class Invalid(DoorwardError):
    """What was sent can't be read as what was asked for."""


class TooLarge(Invalid):
    """More bytes than the place takes; `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Throttled(DoorwardError):
    """Too many attempts; nothing is tried again before `until` (UTC, aware; None: before it is lifted)."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__(until)
        self.until = until


class Unavailable(DoorwardError):
    """The instance is not ready for this yet."""
