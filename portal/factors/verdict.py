"""What came of a code that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

Kind = Literal["totp", "recovery"]


class Outcome(Enum):
    """Accepted and used up; wrong; or right once, but used before."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    USED = "used"


@dataclass(frozen=True)
class Verdict:
    """`wait_until` is set where waiting helps: for a used code of an authenticator app."""

    outcome: Outcome
    kind: Kind
    wait_until: datetime | None = None

    @property
    def accepted(self) -> bool:
        """Whether the code counts."""
        return self.outcome is Outcome.ACCEPTED
