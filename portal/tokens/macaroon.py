"""The text of a token: `pypi-` and the URL-safe base64 of a macaroon in the V2 binary format.

Format: libmacaroons, doc/format.txt; construction: Birgisson et al., "Macaroons" (NDSS 2014).
Reading here promises nothing about who made the text; `Sent.signed_by` does.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from pymacaroons import MACAROON_V2, Macaroon
from pymacaroons.serializers import BinarySerializer

from portal.tokens.errors import TokenTooLong

PREFIX = "pypi-"
KEY_BYTES = 32
MINT_LIMIT = 3 * 1024
READ_LIMIT = 4 * 1024
CAVEAT_LIMIT = 32

BASE64 = re.compile(r"[A-Za-z0-9_-]+={0,2}")
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,100}")
END, LOCATION, IDENTIFIER, SIGNATURE = 0, 1, 2, 6
KINDS = frozenset({LOCATION, IDENTIFIER, SIGNATURE})
SERIALIZER = BinarySerializer()


class Unreadable(ValueError):
    """The text is no token; `location` is the host it claims to be of, where that much can be read."""

    def __init__(self, location: str | None = None) -> None:
        super().__init__(location)
        self.location = location


@dataclass(frozen=True)
class Sent:
    """A token as it was sent. Nothing in it is to be believed before `signed_by` says so."""

    token_id: UUID
    location: str | None
    caveats: tuple[bytes, ...]
    signature: bytes

    def signed_by(self, key: bytes) -> bool:
        """Whether the whole chain, from the identifier through every caveat, was made with this root key."""
        signature = _hmac(_hmac(b"macaroons-key-generator", key), str(self.token_id).encode())
        for caveat in self.caveats:
            signature = _hmac(signature, caveat)
        return hmac.compare_digest(signature, self.signature)


def mint(*, location: str, token_id: UUID, key: bytes, caveats: Sequence[str]) -> str:
    """A new token. Raises TokenTooLong above 3 KB."""
    # An empty key would make pymacaroons leave the signature out.
    if len(key) != KEY_BYTES:
        raise ValueError("a root key has 32 bytes")
    macaroon = Macaroon(location=location, identifier=str(token_id), key=key, version=MACAROON_V2)
    for caveat in caveats:
        macaroon.add_first_party_caveat(caveat)
    text: str = PREFIX + macaroon.serialize()
    if len(text) > MINT_LIMIT or len(caveats) > CAVEAT_LIMIT:
        raise TokenTooLong
    return text


def read(text: str) -> Sent:
    """The parts of a token. Raises Unreadable, and nothing else, whatever the text is."""
    raw = _decode(text)
    location = _claimed_location(raw)
    if not _plain(raw):
        raise Unreadable(location)
    # pymacaroons leaks eight kinds of exception (its issue 50): they all mean the same.
    try:
        macaroon = SERIALIZER.deserialize_raw(raw)
        canonical = SERIALIZER.serialize_raw(macaroon) == raw
        identifier = macaroon.identifier_bytes.decode("ascii")
        token_id = UUID(identifier)
        signature = binascii.unhexlify(macaroon.signature_bytes)
        caveats = tuple(caveat.caveat_id_bytes for caveat in macaroon.caveats)
    except Exception as error:
        raise Unreadable(location) from error
    if not canonical or str(token_id) != identifier:
        raise Unreadable(location)
    return Sent(token_id, location, caveats, signature)


def extended(text: str, caveats: Sequence[str]) -> str:
    """A copy of a token with more caveats at the end of its chain. Raises Unreadable, and nothing else."""
    read(text)
    macaroon = SERIALIZER.deserialize_raw(_decode(text))
    for caveat in caveats:
        macaroon.add_first_party_caveat(caveat)
    copy: str = PREFIX + macaroon.serialize()
    return copy


def _decode(text: str) -> bytes:
    body = text.removeprefix(PREFIX)
    if len(text) > READ_LIMIT or body == text or not BASE64.fullmatch(body):
        raise Unreadable
    body = body.rstrip("=")
    try:
        # A text that was cut off may end inside a group of four: what is whole still tells the location.
        return urlsafe_b64decode(body[: len(body) - (len(body) % 4 == 1)] + "==")
    except binascii.Error as error:
        raise Unreadable from error


def _claimed_location(raw: bytes) -> str | None:
    try:
        kind, payload = next(_packets(raw))
        location = payload.decode("ascii")
    except (StopIteration, IndexError, UnicodeDecodeError):
        return None
    return location if kind == LOCATION and HOST.fullmatch(location) else None


def _plain(raw: bytes) -> bool:
    """Whether this is V2 with at most 32 caveats, all of them our own to check.

    The library's parser copies what remains at each packet and knows no limit, so this is asked
    before, in one pass.
    """
    if raw[:1] != bytes([MACAROON_V2]):
        return False
    try:
        kinds = [kind for kind, _ in _packets(raw) if kind != END]
    except IndexError:
        return False
    return KINDS.issuperset(kinds) and kinds.count(IDENTIFIER) <= 1 + CAVEAT_LIMIT


def _packets(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, payload) of each packet; raises IndexError where one reaches past the end."""
    at = 1
    while at < len(raw):
        kind, at = raw[at], at + 1
        length = 0
        if kind != END:
            length, at = _length(raw, at)
        if at + length > len(raw):
            raise IndexError
        yield kind, raw[at : at + length]
        at += length


def _length(raw: bytes, at: int) -> tuple[int, int]:
    """A length of one or two bytes (base 128), which is all that 4 KB need, and where it ends."""
    first = raw[at]
    if first < 0x80:
        return first, at + 1
    second = raw[at + 1]
    if second >= 0x80:
        raise IndexError
    return (first & 0x7F) | second << 7, at + 2


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
