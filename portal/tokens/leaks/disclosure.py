"""What a secret scanner sends: a list of tokens that it has found in public, signed.

Protocol: GitHub Docs, "Secret scanning partner program". The body is signed with ECDSA over P-256 and SHA-256; the
public keys are pinned in a file in the form in which GitHub serves them, and never fetched.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from portal.kernel.errors import Invalid, Refused, TooLarge
from portal.kernel.written import UnsafeSettings

BODY_LIMIT = 256 * 1024
ENTRY_LIMIT = 300
TEXT_LIMIT = 8 * 1024
URL_LIMIT = 500
SIGNATURE_LIMIT = 200
URL = re.compile(r"https://[!-~]+")
Keys = Mapping[str, EllipticCurvePublicKey]


class Unsigned(Refused):
    """The signature is missing, or of no key that is pinned, or of other bytes."""


class Malformed(Invalid):
    """The signed body is not a list of tokens."""


@dataclass(frozen=True)
class Disclosed:
    """One token that was found. `kind` is what the scanner calls tokens of this index; `url` is empty if unusable."""

    token: str
    kind: str
    url: str

    def feedback(self, ours: bool) -> dict[str, str]:
        """What the scanner learns: the hash, so that no answer carries a token."""
        return {
            "token_hash": hashlib.sha256(self.token.encode()).hexdigest(),
            "token_type": self.kind,
            "label": "true_positive" if ours else "false_positive",
        }


@cache
def pinned(path: str) -> Keys:
    """The public keys in a file, by their identifier; none for an empty path. Raises UnsafeSettings.

    It is read once: a change counts from the next start.
    """
    if not path:
        return {}
    try:
        held = json.loads(Path(path).read_text(encoding="utf-8"))
        keys = {str(key["key_identifier"]): _key(key["key"]) for key in held["public_keys"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnsafeSettings(
            f"doorward.disclosure_keys names {path}, which is no file with the public keys of a secret scanner."
            " Write the path of a file as https://api.github.com/meta/public_keys/secret_scanning serves it."
        ) from error
    if not keys:
        raise UnsafeSettings(f"doorward.disclosure_keys names {path}, which holds no key. Remove the setting.")
    return keys


def _key(pem: str) -> EllipticCurvePublicKey:
    key = load_pem_public_key(pem.encode("ascii"))
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("no P-256 key")
    return key


def check_signature(keys: Keys, identifier: str, signature: str, body: bytes) -> None:
    """Raise Unsigned unless these very bytes were signed with that key."""
    key = keys.get(identifier)
    if key is None or len(signature) > SIGNATURE_LIMIT:
        raise Unsigned
    try:
        key.verify(b64decode(signature, validate=True), body, ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise Unsigned from error


def entries(body: bytes) -> list[Disclosed]:
    """The tokens of a body, at most 300. Raises TooLarge and Malformed."""
    # Each token is an object of its own: they are counted before anything is built from them.
    if len(body) > BODY_LIMIT or body.count(b"{") > ENTRY_LIMIT:
        raise TooLarge(BODY_LIMIT)
    try:
        held = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(held, list):
        raise Malformed
    return [_entry(item) for item in held]


def _entry(item: Any) -> Disclosed:
    if not isinstance(item, dict):
        raise Malformed
    token, kind, url = (item.get(name, "") for name in ("token", "type", "url"))
    if not isinstance(token, str) or not isinstance(kind, str) or len(token) > TEXT_LIMIT or len(kind) > URL_LIMIT:
        raise Malformed
    try:
        token.encode()
    except UnicodeEncodeError as error:
        raise Malformed from error
    return Disclosed(token, kind, _usable(url))


def _usable(url: Any) -> str:
    """An address that may stand in a letter: never one with a token in it."""
    if not isinstance(url, str) or len(url) > URL_LIMIT or not URL.fullmatch(url) or "pypi-" in url:
        return ""
    return url
