"""A secret scanner, and what it sends."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAME = "f9525bf080f75b35"
SIGNING = ec.derive_private_key(20260601, ec.SECP256R1())
PATH = "/_/secrets/disclose-token"
URL = "https://github.com/octocat/Hello-World/blob/1234560/setup.cfg"


def pem(key: Any) -> str:
    """The public half of a key, as it is served."""
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def key_file(folder: Path, *, key: Any = SIGNING, name: str = NAME) -> str:
    """The path of a file with one pinned key."""
    path = folder / "keys.json"
    held = {"public_keys": [{"key_identifier": name, "key": pem(key), "is_current": True}]}
    path.write_text(json.dumps(held), encoding="utf-8")
    return str(path)


def found(*tokens: str, url: Any = URL) -> bytes:
    """The list of these tokens."""
    entries = [{"token": token, "type": "doorward_token", "url": url, "source": "content"} for token in tokens]
    return json.dumps(entries).encode()


def signature(body: bytes, key: Any = SIGNING) -> str:
    """The signature of a body."""
    return b64encode(key.sign(body, ec.ECDSA(SHA256()))).decode()


def disclose(site: Any, body: bytes, *, signed: str | None = None, name: str = NAME) -> Any:
    """Send a body as the scanner does."""
    headers = {
        "Github-Public-Key-Identifier": name,
        "Github-Public-Key-Signature": signature(body) if signed is None else signed,
    }
    return site.post(PATH, body, headers=headers, content_type="application/json", expect_errors=True)
