"""A person's authenticator app."""

from __future__ import annotations

import re
import time

import pyotp

STEP_SECONDS = 30
FROM_OTPAUTH = re.compile(r"[?&]secret=([A-Z2-7]+)")


class Authenticator:
    """Shows a code that it has not shown before: the present one, or the next, which is accepted early."""

    def __init__(self, key: str) -> None:
        self.totp = pyotp.TOTP(key.replace(" ", ""))
        self.shown = 0

    def code(self) -> str:
        """A fresh code."""
        self.shown = max(self.shown + 1, int(time.time()) // STEP_SECONDS)
        return self.totp.at(self.shown * STEP_SECONDS)
