"""Passwords: hashed with Argon2id, never truncated, compared at the same cost whether or not there is one.

A password is taken as it was typed, in Unicode's NFC form both when it is set and when it is
checked, because the same key gives different code points on different systems (NIST SP 800-63B
§3.1.1.2). Nothing else about it is changed.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts import breached, strength
from portal.kernel.errors import Invalid, Unavailable
from portal.kernel.settings import Settings
from portal.kernel.words import TranslationString
from portal.kernel.work import Work

BYTES_LIMIT = strength.BYTES_LIMIT
SALT_BYTES = 16
HASH_BYTES = 32
LONGEST_QUEUE = 20.0


def hash_password(work: Work, text: str) -> str:
    """The Argon2id hash to keep (RFC 9106, PHC string). Call `objections` first.

    Raises TransactionOpen, Invalid above 1,024 bytes, and Unavailable when too many wait.
    """
    work.require_settled()
    secret = _prepared(text)
    if secret is None:
        raise Invalid
    with _turn(work.settings):
        return _hasher(work.settings).hash(secret)


def verify_password(work: Work, stored: str | None, text: str) -> bool:
    """Whether `text` is the password of this hash; with None, False after the same amount of work.

    Raises TransactionOpen, and Unavailable when too many wait.
    """
    work.require_settled()
    secret = _prepared(text)
    known = stored and secret is not None
    compared = stored if stored and known else _hash_of_nothing(work.settings)
    with _turn(work.settings):
        return _matches(_hasher(work.settings), compared, secret or b"") and bool(known)


def objections(work: Work, text: str, *, words: list[str]) -> list[TranslationString]:
    """Why this can't become a password, as sentences; empty if it can.

    `words` are what an attacker would try first: the user name, parts of the address. The site's
    name is added here. With a list of published passwords (`breached_passwords`) it is looked up there
    as well: raises OSError and UnreadableList where that can't be read.
    """
    composed, known = _composed(text), work.settings.breached_passwords
    found = strength.objections(composed, words=[*words, work.settings.site_name])
    return [strength.BREACHED] if not found and known and breached.is_breached(known, composed) else found


def _composed(text: str) -> str:
    # Quadratic in the marks behind a letter. Of twice as many characters more than the allowed bytes are always left.
    return unicodedata.normalize("NFC", text) if len(text) <= 2 * BYTES_LIMIT else text


def _prepared(text: str) -> bytes | None:
    """The bytes that are hashed; None where no stored password can match."""
    try:
        secret = _composed(text).encode("utf-8")
    except UnicodeEncodeError:
        return None
    return secret if len(secret) <= BYTES_LIMIT else None


def _matches(hasher: PasswordHasher, stored: str, secret: bytes) -> bool:
    try:
        return hasher.verify(stored, secret)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=8)
def _hasher_of(memory: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(
        time_cost=rounds, memory_cost=memory, parallelism=1, hash_len=HASH_BYTES, salt_len=SALT_BYTES, type=Type.ID
    )


def _hasher(settings: Settings) -> PasswordHasher:
    return _hasher_of(settings.argon2_memory_kib, settings.argon2_rounds)


def _hash_of_nothing(settings: Settings) -> str:
    """A hash of today's cost that no password has: it is random."""
    parts = (base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (SALT_BYTES, HASH_BYTES))
    cost = f"m={settings.argon2_memory_kib},t={settings.argon2_rounds},p=1"
    return "$".join(["", "argon2id", "v=19", cost, *parts])


@lru_cache(maxsize=8)
def _turns(at_once: int) -> BoundedSemaphore:
    return BoundedSemaphore(at_once)


@contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    """Wait for one of the few places, so that many sign-ins at once can't take all memory."""
    turns = _turns(settings.argon2_at_once)
    if not turns.acquire(timeout=LONGEST_QUEUE):
        raise Unavailable
    try:
        yield
    finally:
        turns.release()
