"""Reading a ZIP archive whose readers can't disagree (PKWARE APPNOTE 6.3), with bounded memory.

Taken is only what every reader understands alike: nothing before the first member, between two of
them, or after the directory; no comments, no ZIP64 directory, no encryption, no sizes behind the
content; local headers that say what the directory says; content that has the size and sum it claims.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal.uploads import flaws
from portal.uploads.archives import MEMBER_LIMIT, Malformed, check_ratio
from portal.uploads.errors import Refusal
from portal.uploads.inflate import RAW, inflated, raw

END = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
LOCATOR_MARK = b"PK\x06\x07"
LOCATOR_SIZE = 20
CENTRAL = struct.Struct("<4s6H3L5H2L")
CENTRAL_MARK = b"PK\x01\x02"
LOCAL = struct.Struct("<4s5H3L2H")
LOCAL_MARK = b"PK\x03\x04"
BIG = 0xFFFFFFFF
DIRECTORY_LIMIT = 16 * 1024 * 1024
STORED, DEFLATED = 0, 8
NEWEST_NEEDED = 63
"""The version of the format that a reader must know, times ten: 6.3 is the newest that says anything new."""
ENCRYPTED = 0x1
UTF_8 = 0x800
HARMLESS_FLAGS = 0x806
EXTRA_LIMIT = 16
"""Extra fields of one header; tools write four at most."""
ZIP64_EXTRA, UNICODE_COMMENT, UNICODE_PATH = 0x0001, 0x6375, 0x7075


@dataclass(frozen=True, slots=True)
class Entry:
    """One member. `packed` and `size` are lengths in bytes, `start` is where its packed content begins."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class _Central:
    """What the directory says of a member, its name still as it is stored."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int


def entries(file: BinaryIO) -> list[Entry]:
    """All members, in the order in which they lie in the file. Raises Refusal and Malformed."""
    count, length, offset = _frame(file)
    file.seek(offset)
    directory = file.read(length)
    found, at = [], 0
    for _number in range(count):
        central, at = _central(directory, at)
        found.append(central)
    if at != length:
        raise Malformed
    found.sort(key=lambda central: central.offset)
    # Members may not share packed bytes: what counts is how large the archive really is.
    check_ratio(offset, sum(central.size for central in found))
    return _contiguous(file, found, offset)


def pieces(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The content of a member. Raises Malformed unless it has exactly the size and the sum that were announced."""
    file.seek(entry.start)
    packed = raw(file, entry.packed)
    size = crc = 0
    for piece in packed if entry.method == STORED else inflated(packed, RAW):
        size += len(piece)
        if size > entry.size:
            raise Malformed
        crc = zlib.crc32(piece, crc)
        yield piece
    if (size, crc) != (entry.size, entry.crc):
        raise Malformed


def ends_as_zip(file: BinaryIO) -> bool:
    """Whether a ZIP reader would find a directory in this file, whatever else it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(END_MARK)
    while at != -1:
        end = tail[at : at + END.size]
        if len(end) == END.size:
            start = size - len(tail) + at - END.unpack(end)[5]
            file.seek(max(0, start))
            if start >= 0 and file.read(len(CENTRAL_MARK)) == CENTRAL_MARK:
                return True
        at = tail.rfind(END_MARK, 0, at)
    return False


def _frame(file: BinaryIO) -> tuple[int, int, int]:
    """(number of members, length of the directory, its place). Checked before anything is read into memory."""
    size = file.seek(0, 2)
    file.seek(0)
    first = file.read(len(LOCAL_MARK))
    file.seek(max(0, size - END.size - LOCATOR_SIZE))
    before, tail = file.read(LOCATOR_SIZE), file.read(END.size)
    if first != LOCAL_MARK or len(tail) != END.size:
        raise Malformed
    # Some readers go where this mark leads, even if it lies inside of an extra field that ends here.
    if before.startswith(LOCATOR_MARK):
        raise Refusal(flaws.ZIP_FORM)
    mark, disk, directory_disk, here, count, length, offset, comment = END.unpack(tail)
    if mark != END_MARK:
        raise Malformed
    if (disk, directory_disk, comment) != (0, 0, 0) or here != count:
        raise Refusal(flaws.ZIP_FORM)
    if count > MEMBER_LIMIT or length > DIRECTORY_LIMIT:
        raise Refusal(flaws.TOO_MANY_MEMBERS, limit=MEMBER_LIMIT)
    if offset + length + END.size != size:
        raise Refusal(flaws.ZIP_FORM)
    return count, length, offset


def _central(directory: bytes, at: int) -> tuple[_Central, int]:
    """One entry of the directory, and where the next begins."""
    if at + CENTRAL.size > len(directory):
        raise Malformed
    head = CENTRAL.unpack_from(directory, at)
    mark, flags, method, (crc, packed, size), lengths = head[0], head[3], head[4], head[7:10], head[10:13]
    disk, mode, offset = head[13], head[15] >> 16, head[16]
    name_end = at + CENTRAL.size + lengths[0]
    end = name_end + lengths[1]
    if mark != CENTRAL_MARK or end > len(directory):
        raise Malformed
    extra = _extra(directory[name_end:end])
    if head[2] > NEWEST_NEEDED or lengths[2] or disk or BIG in {packed, size, offset} or ZIP64_EXTRA in extra:
        raise Refusal(flaws.ZIP_FORM)
    name = directory[at + CENTRAL.size : name_end]
    return _Central(name, flags, method, crc, packed, size, mode, offset), end


def _extra(content: bytes) -> dict[int, bytes]:
    """The extra fields of a header. Raises Refusal for one that gives the member another name to some readers."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(content):
        kind, length = struct.unpack("<HH", content[at : at + 4].ljust(4, b"\0"))
        at += 4 + length
        if at > len(content) or kind in found or kind in {UNICODE_PATH, UNICODE_COMMENT} or len(found) == EXTRA_LIMIT:
            raise Refusal(flaws.ZIP_FORM)
        found[kind] = content[at - length : at]
    return found


def _contiguous(file: BinaryIO, found: list[_Central], end: int) -> list[Entry]:
    """The members with their contents' places; each must begin where the one before it ends."""
    members, at = [], 0
    for central in found:
        if central.offset != at:
            raise Refusal(flaws.ZIP_FORM)
        entry = _entry(file, central)
        at = entry.start + entry.packed
        members.append(entry)
    if at != end:
        raise Refusal(flaws.ZIP_FORM)
    return members


def _entry(file: BinaryIO, central: _Central) -> Entry:
    """A member whose local header agrees with the directory."""
    name = _name(central)
    _check_kind(central, name)
    file.seek(central.offset)
    head = file.read(LOCAL.size)
    if len(head) != LOCAL.size or head[:4] != LOCAL_MARK:
        raise Malformed
    _mark, version, flags, method, _time, _date, crc, packed, size, name_length, extra_length = LOCAL.unpack(head)
    stored, extra = file.read(name_length), _extra(file.read(extra_length))
    if ZIP64_EXTRA in extra:
        # Tools that do not know the size beforehand leave room for a large one; others give it in both places.
        large = struct.unpack("<2Q", extra[ZIP64_EXTRA]) if len(extra[ZIP64_EXTRA]) == 16 else ()
        if not large or (size, packed) not in {(BIG, BIG), large}:
            raise Refusal(flaws.ZIP_FORM)
        size, packed = large
    if version > NEWEST_NEEDED:
        raise Refusal(flaws.ZIP_FORM)
    told = (stored, flags, method, crc, packed, size)
    if told != (central.name, central.flags, central.method, central.crc, central.packed, central.size):
        raise Refusal(flaws.ZIP_MEMBER, member=name)
    start = central.offset + LOCAL.size + name_length + extra_length
    return Entry(name, central.method, central.crc, central.packed, central.size, start)


def _name(central: _Central) -> str:
    try:
        name = central.name.decode("utf-8" if central.flags & UTF_8 else "ascii")
    except UnicodeDecodeError as error:
        # Without the flag each reader decodes it in the way of its own system.
        raise Refusal(flaws.ZIP_FORM) from error
    if "\x00" in name:
        raise Refusal(flaws.ZIP_MEMBER, member=name)
    return name


def _check_kind(central: _Central, name: str) -> None:
    if central.flags & ENCRYPTED or central.method not in {STORED, DEFLATED}:
        raise Refusal(flaws.MEMBER_PACKED, member=name)
    if central.flags & ~HARMLESS_FLAGS:
        raise Refusal(flaws.ZIP_FORM)
    kind, folder = stat.S_IFMT(central.mode), name.endswith("/")
    fits = kind in {0, stat.S_IFDIR if folder else stat.S_IFREG}
    if not fits or (folder and central.size) or (central.method == STORED and central.packed != central.size):
        raise Refusal(flaws.MEMBER_KIND, member=name)
