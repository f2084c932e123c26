"""What makes a password too easy, and the sentence that says so."""

from __future__ import annotations

from portal.kernel.words import TranslationString, _

LEAST = 15
BYTES_LIMIT = 1024


def objections(text: str, *, words: list[str]) -> list[TranslationString]:
    """Why `text` (in NFC) can't become a password; empty if it can."""
    if len(text) < LEAST:
        return [_("This password is too short. Use at least ${least} characters.", mapping={"least": LEAST})]
    return []
