"""Encryption at rest and sealed form fields.

Keys lie in one file with mode 0600. A sealed value starts with the id of its key, so that a new
key can be put in front while the old ones still open what they sealed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 4


class Unsealable(ValueError):
    """The value was not sealed here for this purpose, was altered, or its time is over."""


class Vault:
    """Seals and opens values with the keys of one instance (ChaCha20-Poly1305, RFC 8439)."""

    def __init__(self, keys: dict[bytes, bytes], current: bytes) -> None:
        self._keys = keys
        self._current = current

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        """Encrypt; what comes back opens only for the same `purpose`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        box = ChaCha20Poly1305(self._keys[self._current])
        return self._current + nonce + box.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """Decrypt. Raises Unsealable."""
        key = self._keys.get(sealed[:ID_BYTES])
        if key is None:
            raise Unsealable
        nonce, body = sealed[ID_BYTES : ID_BYTES + NONCE_BYTES], sealed[ID_BYTES + NONCE_BYTES :]
        try:
            return ChaCha20Poly1305(key).decrypt(nonce, body, purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable from error

    def seal_field(self, facts: dict[str, Any], *, purpose: str, until: datetime) -> str:
        """Facts (JSON) for a hidden form field, as URL-safe text; readable only here, and only before `until`."""
        plain = json.dumps({"until": int(until.timestamp()), "facts": facts}, separators=(",", ":"))
        return base64.urlsafe_b64encode(self.seal(plain.encode(), purpose=purpose)).decode().rstrip("=")

    def open_field(self, text: str, *, purpose: str, now: datetime) -> dict[str, Any]:
        """The facts of `seal_field`. Raises Unsealable."""
        try:
            sealed = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except (UnicodeEncodeError, binascii.Error) as error:
            raise Unsealable from error
        held = json.loads(self.open(sealed, purpose=purpose))
        if held["until"] <= now.timestamp():
            raise Unsealable
        facts: dict[str, Any] = held["facts"]
        return facts

    def mac(self, message: bytes, *, purpose: str) -> bytes:
        """HMAC-SHA-256 under a key of its own for `purpose`; compare it with `hmac.compare_digest`."""
        # The oldest key, so that rotation of the sealing key does not void what was signed.
        oldest = self._keys[min(self._keys)]
        key = hmac.new(oldest, b"mac:" + purpose.encode(), hashlib.sha256).digest()
        return hmac.new(key, message, hashlib.sha256).digest()


def load_vault(path: Path) -> Vault:
    """The vault of the key file at `path`; the file is made, with mode 0600, where there is none."""
    if not path.exists():
        _write_first_key(path)
    held = json.loads(path.read_text(encoding="ascii"))
    keys = {bytes.fromhex(name): bytes.fromhex(key) for name, key in held["keys"].items()}
    return Vault(keys, bytes.fromhex(held["current"]))


def add_key(path: Path) -> None:
    """Put a new key in front of those of the key file; all others stay. Vaults that are loaded do not know it.

    The file is replaced as a whole. Raises OSError, also while somebody else does the same.
    """
    held = json.loads(path.read_text(encoding="ascii"))
    name = (max(int(name, 16) for name in held["keys"]) + 1).to_bytes(ID_BYTES, "big").hex()
    keys = {**held["keys"], name: secrets.token_bytes(KEY_BYTES).hex()}
    new = path.with_name(path.name + ".new")
    _write(new, {"current": name, "keys": keys})
    new.replace(path)


def _write_first_key(path: Path) -> None:
    name = (0).to_bytes(ID_BYTES, "big").hex()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, {"current": name, "keys": {name: secrets.token_bytes(KEY_BYTES).hex()}})


def _write(path: Path, held: dict[str, Any]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(held, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
