"""What a program asks for: one small JSON object (RFC 8259) with exactly the fields that are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.tokens.minting import errors

BODY_LIMIT = 4 * 1024
LONGEST_MINUTES = 15
TEXTS = {"username": 320, "password": 1024, "code": 100, "project": 200}
"""The longest of each, in characters."""


@dataclass(frozen=True)
class Asked:
    """Who asks, and for what."""

    username: str
    project: str
    minutes: int
    password: str = field(repr=False)
    code: str = field(repr=False)


def read(body: bytes) -> Asked:
    """Raises MintRefused for everything that is not exactly what is asked for."""
    if len(body) > BODY_LIMIT:
        raise errors.too_large()
    try:
        held = json.loads(body.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise errors.malformed() from error
    if not isinstance(held, dict) or not {*TEXTS} <= {*held} <= {*TEXTS, "minutes"}:
        raise errors.malformed()
    minutes = held.pop("minutes", LONGEST_MINUTES)
    if not all(_is_text(held[name], limit) for name, limit in TEXTS.items()) or type(minutes) is not int:
        raise errors.malformed()
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise errors.malformed()
    return Asked(minutes=minutes, **held)


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands there twice could mean either."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _is_text(value: Any, limit: int) -> bool:
    """Whether it is text of some length, without NUL and halves of characters."""
    if not isinstance(value, str) or not 1 <= len(value) <= limit or "\0" in value:
        return False
    return not any("\ud800" <= char <= "\udfff" for char in value)
