"""Random identifiers and the hashes under which secrets are stored."""

from __future__ import annotations

import base64
import hashlib
import secrets
from uuid import UUID, uuid4

HANDLE_BYTES = 17
HANDLE_LENGTH = 26


def new_id() -> UUID:
    """A new row identifier. It is public: never use it as a secret."""
    return uuid4()


def started(row_id: UUID | str) -> str:
    """The start of a row identifier, as people are shown it to tell rows apart."""
    return f"{str(row_id)[:8]}…"


def new_secret() -> str:
    """256 random bits as URL-safe text of 43 characters."""
    return secrets.token_urlsafe(32)


def new_handle() -> str:
    """130 random bits as 26 characters of lower-case base32 (a limited-mode handle)."""
    return base64.b32encode(secrets.token_bytes(HANDLE_BYTES)).decode("ascii").lower()[:HANDLE_LENGTH]


def digest(secret: str) -> bytes:
    """SHA-256 of a secret of at least 128 random bits: what the database keeps in its place."""
    return hashlib.sha256(secret.encode("utf-8")).digest()
