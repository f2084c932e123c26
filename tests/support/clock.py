"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class FixedClock:
    """The present instant is `at`, and stays it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant that the test has set."""
        return self.at

    def advance(self, by: timedelta) -> datetime:
        """Let time pass; the new instant."""
        self.at += by
        return self.at
