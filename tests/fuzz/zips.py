"""Writing ZIP archives with every freedom that the format leaves (PKWARE APPNOTE 6.3), the lawful and the odd ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

BIG = 0xFFFFFFFF
STORED, DEFLATED = 0, 8
UTF_8, BEHIND = 0x800, 0x8


@dataclass(frozen=True)
class Packed:
    """One member, and how its two headers are written."""

    name: bytes
    content: bytes
    method: int = DEFLATED
    level: int = 6
    flags: int = 0
    needed: int = 20
    made: int = 0x031E
    mode: int = 0o100644
    low: int = 0
    stamp: int = 0x5AC16000
    room: str = ""
    """ZIP64 sizes in the local header: "" none, "room" instead of the others, "twice" beside them."""
    sizes_behind: str = ""
    """A data descriptor: "" none, "marked" with its signature, "bare" without."""
    local_extra: bytes = b""
    central_extra: bytes = b""
    comment: bytes = b""

    def packed(self) -> bytes:
        """The content as it lies in the archive."""
        if self.method != DEFLATED:
            return self.content
        stream = zlib.compressobj(self.level, wbits=-15)
        return stream.compress(self.content) + stream.flush()


@dataclass(frozen=True)
class Frame:
    """What stands around the members: order of the directory, comment, bytes in front, a ZIP64 end."""

    order: Sequence[int] = field(default_factory=list)
    comment: bytes = b""
    before: bytes = b""
    between: bytes = b""
    large: bool = False


def extra_field(kind: int, content: bytes) -> bytes:
    """One extra field."""
    return struct.pack("<HH", kind, len(content)) + content


def written(members: Sequence[Packed], frame: Frame | None = None) -> bytes:
    """The archive."""
    around = frame or Frame()
    found = bytearray(around.before)
    directory = []
    for number, member in enumerate(members):
        at = len(found)
        found += _local(member)
        directory.append(_central(member, at))
        if number == 0:
            found += around.between
    start = len(found)
    chosen = sorted(range(len(members)), key=lambda number: around.order[number : number + 1] or [number])
    held = b"".join(directory[number] for number in chosen)
    return bytes(found) + held + _end(len(members), len(held), start, around)


def _local(member: Packed) -> bytes:
    packed = member.packed()
    sums = (zlib.crc32(member.content), len(packed), len(member.content))
    flags, more, behind = member.flags, member.local_extra, b""
    told = sums
    if member.room:
        more = extra_field(1, struct.pack("<QQ", sums[2], sums[1])) + more
        told = (sums[0], BIG, BIG) if member.room == "room" else sums
    if member.sizes_behind:
        flags, told = flags | BEHIND, (0, 0, 0)
        behind = (b"PK\x07\x08" if member.sizes_behind == "marked" else b"") + struct.pack("<3L", *sums)
    head = struct.pack(
        "<4s3HLLLLHH",
        b"PK\x03\x04",
        member.needed,
        flags,
        member.method,
        member.stamp,
        *told,
        len(member.name),
        len(more),
    )
    return head + member.name + more + packed + behind


def _central(member: Packed, at: int) -> bytes:
    packed = member.packed()
    flags = member.flags | (BEHIND if member.sizes_behind else 0)
    head = struct.pack(
        "<4s4HL3L5HLL",
        *(b"PK\x01\x02", member.made, member.needed, flags, member.method, member.stamp),
        *(zlib.crc32(member.content), len(packed), len(member.content)),
        *(len(member.name), len(member.central_extra), len(member.comment), 0, 0),
        *(member.mode << 16 | member.low, at),
    )
    return head + member.name + member.central_extra + member.comment


def _end(count: int, length: int, start: int, frame: Frame) -> bytes:
    large = b""
    if frame.large:
        place = start + length
        large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
        large += struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    return (
        large
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, length, start, len(frame.comment))
        + frame.comment
    )
