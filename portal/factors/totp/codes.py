"""Codes by time (RFC 6238: HMAC-SHA-1, six digits, steps of 30 seconds), without database."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import UTC, datetime

from pyotp import TOTP

KEY_BYTES = 20
STEP_SECONDS = 30
DRIFT = (0, -1, 1)
"""Accepted steps around the present one, the likeliest first. One step ahead is for clocks that are fast."""
CLOCK_LIMIT = 20
"""Steps (ten minutes) within which a wrong clock is recognised at set-up."""


def new_key() -> bytes:
    """A random key of 160 bits."""
    return secrets.token_bytes(KEY_BYTES)


def step_at(instant: datetime) -> int:
    """The number of the step that an instant lies in."""
    return int(instant.timestamp()) // STEP_SECONDS


def start_of(step: int) -> datetime:
    """The instant (UTC) at which a step begins."""
    return datetime.fromtimestamp(step * STEP_SECONDS, UTC)


def key_text(key: bytes) -> str:
    """The key as base32, as authenticator apps take it."""
    return base64.b32encode(key).decode("ascii")


def code_at(key: bytes, step: int) -> str:
    """The six digits of a step."""
    return TOTP(key_text(key)).generate_otp(step)


def fitting_steps(key: bytes, code: str, now: datetime) -> list[int]:
    """The accepted steps around `now` whose code this is; nearly always none or one."""
    present = step_at(now)
    return [present + drift for drift in DRIFT if hmac.compare_digest(code_at(key, present + drift), code)]


def minutes_off(key: bytes, code: str, now: datetime) -> int | None:
    """By how many minutes the clock that made this code is ahead, or behind (negative).

    None where the code fits no clock that is at most ten minutes off.
    """
    present = step_at(now)
    for distance in range(1, CLOCK_LIMIT + 1):
        for drift in (-distance, distance):
            if hmac.compare_digest(code_at(key, present + drift), code):
                minutes = max(1, round(distance * STEP_SECONDS / 60))
                return minutes if drift > 0 else -minutes
    return None


def provisioning_uri(key: bytes, *, username: str, issuer: str) -> str:
    """The `otpauth:` address that a QR code carries. Colons divide issuer and account there, so they become spaces."""
    return TOTP(key_text(key)).provisioning_uri(name=username, issuer_name=issuer.replace(":", " "))
