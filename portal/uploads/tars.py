"""Reading a tar archive whose readers can't disagree (POSIX.1-2001 pax, GNU long names), with bounded memory.

`tarfile` reads extended headers of any size into memory and searches them with slow patterns; this
reader takes from the format what source distributions use, and refuses the rest: sparse files,
base-256 sizes, headers above `HEADER_LIMIT`, or above `HEADERS_LIMIT` in the whole archive. Where
readers take a header differently (a size of what is no file, a slash that is not in both names, two
kinds of extended headers before one member), it is refused as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.uploads.archives import Malformed, check_ratio
from portal.uploads.inflate import CHUNK, Stream

BLOCK = 512
HEADER_LIMIT = 64 * 1024
HEADERS_LIMIT = 4 * 1024 * 1024
OCTAL = re.compile(rb" *([0-7]*)[ \0]*")
OTHER_NUMBERS = ((100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345))
BASE_256 = (0x80, 0xFF)
PAX_LENGTH = re.compile(rb"([1-9][0-9]{0,5}) ")
FILES = frozenset(b"0\x007")
"""The kinds of members that have content."""
OLD_FILE = 0
NAME = 100
POSIX = b"ustar\x0000"
OTHER_SIZES = (b"GNU.", b"SCHILY.realsize")
"""How sparse files, and parts of an archive of several volumes, are told."""
TIME = re.compile(rb"[0-9]{1,12}(?:\.[0-9]{0,30})?")
OWNER = re.compile(rb"[0-9]{1,10}")
OWNER_LIMIT = 0xFFFFFFFF
NUMBERS = {b"mtime": TIME, b"atime": TIME, b"ctime": TIME, b"uid": OWNER, b"gid": OWNER}
"""Records that we need not know: where they are no numbers, some readers fail."""
CHARSETS = {b"BINARY", b"ISO-IR 10646 2000 UTF-8"}
LINK, SYMLINK, FOLDER = b"1"[0], b"2"[0], b"5"[0]
PAX, PAX_GLOBAL, LONG_NAME, LONG_LINK = b"x"[0], b"g"[0], b"L"[0], b"K"[0]


@dataclass(frozen=True)
class Member:
    """One member as its headers describe it; `size` is that of its content in bytes."""

    name: str
    kind: int
    size: int
    target: str


def is_tar(block: bytes) -> bool:
    """Whether a tar reader would take this for the first block of an archive."""
    try:
        return len(block) == BLOCK and bool(block.strip(b"\0")) and _checked(block) >= 0
    except Malformed:
        return False


class Tar:
    """A stream of blocks; what it gives out in all is bounded by the size of the archive."""

    def __init__(self, stream: Stream, packed: int) -> None:
        self.stream = stream
        self.packed = packed
        self.given = 0
        self.extended = 0

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises Malformed at the end of the stream, Refusal for a bomb."""
        self.given += size
        check_ratio(self.packed, self.given)
        content = self.stream.read(size)
        if len(content) != size:
            raise Malformed
        return content

    def content(self, size: int, *, keep: bool = False) -> bytes:
        """The content of a member and its padding, kept or read over."""
        kept = self.read(size) if keep else b""
        left = (-size % BLOCK) if keep else size + (-size % BLOCK)
        while left:
            left -= len(self.read(min(left, CHUNK)))
        return kept

    def finish(self) -> None:
        """Read the padding that follows the archive's end, so that the checksum of the whole stream is compared."""
        while rest := self.stream.read(CHUNK):
            self.given += len(rest)
            check_ratio(self.packed, self.given)
            if rest.strip(b"\0"):
                raise Malformed


def next_member(tar: Tar) -> Member | None:
    """The next member, with the extended headers before it; None at the archive's end. Raises Malformed."""
    told: dict[str, str] = {}
    kinds: list[int] = []
    while True:
        header = tar.read(BLOCK)
        if not header.strip(b"\0"):
            # One empty block alone is the end for some readers, and for others none.
            if kinds or tar.read(BLOCK).strip(b"\0"):
                raise Malformed
            return None
        size, kind = _checked(header), header[156]
        _check_order(kind, kinds)
        kinds.append(kind)
        if kind in {LONG_NAME, LONG_LINK}:
            text = _extended(tar, size).rstrip(b"\0").decode("utf-8")
            told["path" if kind == LONG_NAME else "linkpath"] = _filled(text)
        elif kind in {PAX, PAX_GLOBAL}:
            records = _records(_extended(tar, size))
            # What a global header says holds for all members: nobody names them all alike.
            if kind == PAX_GLOBAL and records:
                raise Malformed
            told |= records
        else:
            return _member(header, kind, told)


def _check_order(kind: int, before: list[int]) -> None:
    """Raise Malformed for a header that readers take differently behind those that stand before the same member."""
    # Of two of one kind some readers believe the first, others the last; of two kinds as well.
    mixed = PAX in {kind, *before} and not {LONG_NAME, LONG_LINK}.isdisjoint({kind, *before})
    if kind in before or mixed or (kind == PAX_GLOBAL and before):
        raise Malformed


def _member(header: bytes, kind: int, told: dict[str, str]) -> Member:
    short = header[:NAME].partition(b"\0")[0]
    name = told.get("path") or _short_name(header)
    size = _checked(header)
    # Some tools write the size in both places. A reader that knows one of them only must find the same members.
    if told.get("size", str(size)) != str(size):
        raise Malformed
    if kind == OLD_FILE and "path" not in told and name.endswith("/"):
        # Archives older than POSIX mark a folder by its slash alone.
        kind = FOLDER
    # What is no file has no content: some readers pass over as much as the size says, others over nothing.
    if kind not in FILES and size:
        raise Malformed
    if kind != FOLDER and (name.endswith("/") or (short.endswith(b"/") and not _cut(short, kind, name))):
        raise Malformed
    target = told.get("linkpath") or _text(header[157:257])
    if target and kind in {FOLDER, *FILES}:
        raise Malformed
    return Member(name, kind, size, target)


def _cut(short: bytes, kind: int, name: str) -> bool:
    """Whether the name in the block is only the beginning of the one that was told, cut off behind a slash."""
    return kind != OLD_FILE and len(short) == NAME and name.encode().startswith(short)


def _checked(header: bytes) -> int:
    """The size that a header gives, if its checksum is right."""
    total = sum(header) - sum(header[148:156]) + 8 * 0x20
    if _octal(header[148:156]) != total:
        raise Malformed
    for start, end in OTHER_NUMBERS:
        # What we need not know, others fail at. Large numbers of these are written in another base.
        if header[start] not in BASE_256:
            _octal(header[start:end])
    # No number at all is nothing to some readers, and an error to others.
    if not header[124:136].strip(b" \0"):
        raise Malformed
    return _octal(header[124:136])


def _octal(field: bytes) -> int:
    found = OCTAL.fullmatch(field)
    if found is None:
        raise Malformed
    return int(found[1] or b"0", 8)


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8")


def _short_name(header: bytes) -> str:
    name = _text(header[:NAME])
    prefix = _text(header[345:500])
    # Only POSIX has a prefix: elsewhere some readers take for one what others do not.
    if prefix and header[257:265] != POSIX:
        raise Malformed
    return f"{prefix}/{name}" if prefix else name


def _extended(tar: Tar, size: int) -> bytes:
    tar.extended += size
    if size > HEADER_LIMIT or tar.extended > HEADERS_LIMIT:
        raise Malformed
    return tar.content(size, keep=True)


def _filled(text: str) -> str:
    """The text, if there is any: an empty one takes the name away for some readers, and leaves it for others."""
    if not text or "\0" in text:
        raise Malformed
    return text


def _records(content: bytes) -> dict[str, str]:
    """The records of a pax header ("LENGTH KEY=VALUE\\n") that name a member or its size. Raises Malformed."""
    records: dict[str, str] = {}
    at = 0
    while at < len(content):
        found = PAX_LENGTH.match(content, at)
        end = at + int(found[1]) if found else 0
        if found is None or not found.end() < end <= len(content) or content[end - 1 : end] != b"\n":
            raise Malformed
        key, equals, value = content[found.end() : end - 1].partition(b"=")
        charset = key == b"hdrcharset" and value not in CHARSETS
        if not (key and equals) or key.startswith(OTHER_SIZES) or charset or not _is_number(key, value):
            raise Malformed
        if key in {b"path", b"linkpath", b"size"}:
            # Of one that is there twice some readers believe the first, others the last.
            if key.decode("ascii") in records:
                raise Malformed
            records[key.decode("ascii")] = _filled(value.decode("utf-8"))
        at = end
    return records


def _is_number(key: bytes, value: bytes) -> bool:
    """Whether a record that must give a number does, and one that every reader can hold."""
    form = NUMBERS.get(key)
    if form is None:
        return True
    return form.fullmatch(value) is not None and (form is not OWNER or int(value) <= OWNER_LIMIT)
