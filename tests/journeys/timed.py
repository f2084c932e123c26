"""A running Doorward whose clock a test puts forward, so that nobody sleeps until something expires.

The browser's clock stays right. It makes no difference: none of our cookies has a life of its own.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from tests.support import ahead
from tests.support.serving import CHEAP_HASHES, Doorward


class TimedDoorward(Doorward):
    """The process sees the present instant moved by what `wait` has added up."""

    program = (sys.executable, "-P", Path(ahead.__file__))

    def __init__(self, folder: Path, *, port: int, public_port: int) -> None:
        self.hands = folder / "clock"
        super().__init__(folder, port=port, public_port=public_port, **CHEAP_HASHES, **{ahead.FILE: str(self.hands)})
        self.ahead = 0.0
        self.wait(0)

    def now(self) -> float:
        """What the process takes for the present, in seconds since 1970."""
        return time.time() + self.ahead

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.ahead += seconds
        # Replaced in one piece: the process reads it at any moment.
        fresh = self.hands.with_suffix(".new")
        fresh.write_text(str(self.ahead))
        os.replace(fresh, self.hands)

    def pass_time(self, span: timedelta) -> None:
        """Let minutes or days pass."""
        self.wait(span.total_seconds())
