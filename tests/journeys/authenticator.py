"""A person's authenticator app."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pyotp

STEP_SECONDS = 30
FROM_OTPAUTH = re.compile(r"[?&]secret=([A-Z2-7]+)")


class Authenticator:
    """Shows a code that it has not shown before: the present one, or the next, which is accepted early.

    Where time can be put forward, `wait` is called with the seconds until the next code, and nothing comes early.
    """

    def __init__(
        self, key: str, *, now: Callable[[], float] = time.time, wait: Callable[[float], None] | None = None
    ) -> None:
        self.totp = pyotp.TOTP(key.replace(" ", ""))
        self.now = now
        self.wait = wait
        self.shown = 0

    def code(self) -> str:
        """A fresh code."""
        self.shown = max(self.shown + 1, int(self.now()) // STEP_SECONDS)
        if self.wait and (early := self.shown * STEP_SECONDS - self.now()) > 0:
            self.wait(early)
        return self.totp.at(self.shown * STEP_SECONDS)
