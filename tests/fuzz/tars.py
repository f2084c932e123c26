"""Writing gzipped tar archives with every freedom that the formats leave (POSIX.1 ustar and pax, GNU, V7; RFC 1952)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

BLOCK = 512
MAGIC = {"posix": b"ustar\x0000", "gnu": b"ustar  \0", "old": bytes(8)}
DIGITS = {"nul": b"%0*o\0", "space": b"%0*o ", "both": b"%0*o \0"}


@dataclass(frozen=True)
class Entry:
    """One member, and how its headers are written."""

    name: bytes
    content: bytes = b""
    kind: bytes = b"0"
    target: bytes = b""
    mode: int = 0o644
    owner: int = 0
    names: tuple[bytes, bytes] = (b"", b"")
    time: int = 1000000000
    magic: str = "posix"
    digits: str = "nul"
    told: str = ""
    """Where its name stands: "" in the block or, if it is too long, in a pax header; "prefix", "gnu" or "pax"."""
    records: Sequence[tuple[bytes, bytes]] = ()
    """Records of a pax header before it."""
    extended: str = "PaxHeader"
    padding: bytes = b"\0"
    checksum: str = "gnu"


@dataclass(frozen=True)
class Outside:
    """The header of gzip, how the stream is cut, and what stands before and behind the members."""

    level: int = 9
    name: bytes = b""
    comment: bytes = b""
    extra: bytes = b""
    sum: bool = False
    time: int = 0
    system: int = 255
    flush: int = 0
    empty: int = 2
    of_all: Sequence[tuple[bytes, bytes]] = field(default_factory=tuple)


def _number(value: int, length: int, digits: str) -> bytes:
    form = DIGITS[digits]
    return form % (length - (2 if digits == "both" else 1), value)


def header(entry: Entry, name: bytes, size: int, kind: bytes, prefix: bytes = b"") -> bytes:
    """One block, with its sum."""
    number = entry.digits
    devices = bytes(16) if entry.magic != "posix" else _number(0, 8, number) * 2
    block = b"".join(
        [
            name[:100].ljust(100, b"\0"),
            *(_number(value, 8, number) for value in (entry.mode, entry.owner, entry.owner)),
            *(_number(value, 12, number) for value in (size, entry.time)),
            b" " * 8,
            kind + entry.target[:100].ljust(100, b"\0") + MAGIC[entry.magic],
            *(one[:32].ljust(32, b"\0") for one in entry.names),
            devices + prefix[:155].ljust(155, b"\0") + bytes(12),
        ]
    )
    total = b"%06o\0 " % sum(block) if entry.checksum == "gnu" else b"%07o\0" % sum(block)
    return block[:148] + total + block[156:]


def record(key: bytes, value: bytes) -> bytes:
    """One record of a pax header, which begins with its own length."""
    length = len(key) + len(value) + 3
    while length != len(b"%d %s=%s\n" % (length, key, value)):
        length = len(b"%d %s=%s\n" % (length, key, value))
    return b"%d %s=%s\n" % (length, key, value)


def padded(content: bytes, filling: bytes = b"\0") -> bytes:
    """Whole blocks."""
    return content + (filling * BLOCK)[: -len(content) % BLOCK]


def _before(entry: Entry) -> tuple[bytes, bytes, bytes]:
    """The extended headers before a member; its name in the block, and the prefix."""
    records = list(entry.records)
    told, name, prefix = b"", entry.name, b""
    if entry.told == "prefix" and b"/" in name.rstrip(b"/"):
        cut = name.rstrip(b"/").rindex(b"/")
        prefix, name = name[:cut], name[cut + 1 :]
    elif entry.told == "gnu" and not records:
        told += _long(entry, b"L", entry.name) + (_long(entry, b"K", entry.target) if entry.target else b"")
    elif entry.told == "pax" or len(name) > 100:
        records.append((b"path", entry.name))
    if entry.target and len(entry.target) > 100 and entry.told != "gnu":
        records.append((b"linkpath", entry.target))
    if records:
        content = b"".join(record(key, value) for key, value in records)
        plain = Entry(b"", magic="posix", digits=entry.digits)
        told += header(plain, f"{entry.extended}/x".encode(), len(content), b"x") + padded(content)
    return told, name, prefix


def _long(entry: Entry, kind: bytes, text: bytes) -> bytes:
    plain = Entry(b"", magic="gnu", digits=entry.digits)
    return header(plain, b"././@LongLink", len(text) + 1, kind) + padded(text + b"\0")


def entered(entry: Entry) -> bytes:
    """A member with all its headers, its content and its padding."""
    before, name, prefix = _before(entry)
    return before + header(entry, name, len(entry.content), entry.kind, prefix) + padded(entry.content, entry.padding)


def written(entries: Sequence[Entry], outside: Outside | None = None) -> bytes:
    """The archive, packed."""
    around = outside or Outside()
    content = b""
    if around.of_all:
        held = b"".join(record(key, value) for key, value in around.of_all)
        content = header(Entry(b""), b"pax_global_header", len(held), b"g") + padded(held)
    content += b"".join(entered(entry) for entry in entries) + bytes(BLOCK * around.empty)
    return packed(content, around)


def packed(content: bytes, around: Outside) -> bytes:
    """One gzip stream."""
    flags = (2 * around.sum) | (4 * bool(around.extra)) | (8 * bool(around.name)) | (16 * bool(around.comment))
    head = struct.pack("<BBBBLBB", 0x1F, 0x8B, 8, flags, around.time, 0, around.system)
    head += struct.pack("<H", len(around.extra)) + around.extra if around.extra else b""
    head += b"".join(text + b"\0" for text in (around.name, around.comment) if text)
    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF) if around.sum else b""
    stream = zlib.compressobj(around.level, wbits=-15)
    cut = around.flush or len(content) or 1
    body = b"".join(
        stream.compress(content[at : at + cut]) + (stream.flush(zlib.Z_FULL_FLUSH) if around.flush else b"")
        for at in range(0, len(content), cut)
    )
    return head + body + stream.flush() + struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
