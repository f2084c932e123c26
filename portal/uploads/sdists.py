"""Looking into an sdist: a gzipped tar archive, read as a stream with bounded memory.

`tarfile` reads extended headers of any size into memory and searches them with slow patterns; this
reader takes from the format (POSIX.1-2001 pax, GNU long names) what source distributions use, and
refuses the rest: sparse files, devices, base-256 sizes, headers above `HEADER_LIMIT`, or above
`HEADERS_LIMIT` in the whole archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from portal.uploads import flaws
from portal.uploads.archives import METADATA_LIMIT, Inside, Malformed, Members, check_path, check_ratio
from portal.uploads.errors import Refusal
from portal.uploads.inflate import CHUNK, GZIP, Stream, inflated, raw
from portal.uploads.zips import ends_as_zip

BLOCK = 512
HEADER_LIMIT = 64 * 1024
HEADERS_LIMIT = 4 * 1024 * 1024
OCTAL = re.compile(rb" *([0-7]*)[ \0]*")
OTHER_NUMBERS = ((100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345))
BASE_256 = (0x80, 0xFF)
PAX_LENGTH = re.compile(rb"([1-9][0-9]{0,5}) ")
FILES = frozenset(b"0\x007")
LINK, SYMLINK, FOLDER = b"1"[0], b"2"[0], b"5"[0]
PAX, PAX_GLOBAL, LONG_NAME, LONG_LINK = b"x"[0], b"g"[0], b"L"[0], b"K"[0]


@dataclass(frozen=True)
class Member:
    """One member as its headers describe it; `size` is that of its content in bytes."""

    name: str
    kind: int
    size: int
    target: str


def read_sdist(path: Path, filename: str) -> Inside:
    """What the sdist holds, after all checks. Raises Refusal. Slow: no transaction may be open."""
    try:
        with path.open("rb") as packed:
            if ends_as_zip(packed):
                raise Refusal(flaws.ARCHIVE, filename=filename)
            size = packed.seek(0, 2)
            packed.seek(0)
            return _read(Tar(Stream(inflated(raw(packed, size), GZIP)), size))
    except (Malformed, UnicodeDecodeError) as error:
        raise Refusal(flaws.ARCHIVE, filename=filename) from error


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


def _read(tar: Tar) -> Inside:
    members = Members()
    found: dict[str, bytes] = {}
    while member := _next(tar):
        path = members.add(member.name, folder=member.kind == FOLDER)
        _check_kind(member, path, members)
        wanted = path.count("/") == 1 and path.endswith("/PKG-INFO") and member.kind in FILES
        if wanted and member.size > METADATA_LIMIT:
            raise Refusal(flaws.METADATA_TEXT)
        content = tar.content(member.size, keep=wanted)
        if wanted:
            found[path] = content
    tar.finish()
    members.check_folders()
    tops, files = members.tops(), members.files()
    if len(tops) != 1 or not tops.isdisjoint(files):
        raise Refusal(flaws.SDIST_FOLDER)
    top = tops.pop()
    path = f"{top}/PKG-INFO"
    if path not in found:
        raise Refusal(flaws.MEMBER_MISSING, member=path)
    return Inside(found[path], files, top)


def _check_kind(member: Member, path: str, members: Members) -> None:
    if member.kind == SYMLINK:
        members.check_link(path, member.target)
    elif member.kind == LINK:
        if check_path(member.target) not in members.seen:
            raise Refusal(flaws.MEMBER_PATH, member=member.name)
    elif member.kind not in FILES and member.kind != FOLDER:
        raise Refusal(flaws.MEMBER_KIND, member=member.name)


def _next(tar: Tar) -> Member | None:
    """The next member, with the extended headers before it; None at the archive's end."""
    told: dict[str, str] = {}
    kinds: list[int] = []
    while True:
        header = tar.read(BLOCK)
        if not header.strip(b"\0"):
            if kinds:
                raise Malformed
            return None
        size, kind = _checked(header), header[156]
        # Of two of one kind some readers believe the first, others the last.
        if kind in kinds:
            raise Malformed
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


def _member(header: bytes, kind: int, told: dict[str, str]) -> Member:
    name = told.get("path") or _short_name(header)
    target = told.get("linkpath") or _text(header[157:257])
    # Some tools write the size in both places. A reader that knows one of them only must find the same members.
    if told.get("size", str(_checked(header))) != str(_checked(header)):
        raise Malformed
    # Archives older than POSIX mark a folder by its slash alone.
    kind = FOLDER if kind == 0 and name.endswith("/") else kind
    return Member(name, kind, _checked(header) if kind in FILES else 0, target)


def _checked(header: bytes) -> int:
    """The size that a header gives, if its checksum is right."""
    total = sum(header) - sum(header[148:156]) + 8 * 0x20
    if _octal(header[148:156]) != total:
        raise Malformed
    for start, end in OTHER_NUMBERS:
        # What we need not know, others fail at. Large numbers of these are written in another base.
        if header[start] not in BASE_256:
            _octal(header[start:end])
    return _octal(header[124:136])


def _octal(field: bytes) -> int:
    found = OCTAL.fullmatch(field)
    if found is None:
        raise Malformed
    return int(found[1] or b"0", 8)


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8")


def _short_name(header: bytes) -> str:
    name = _text(header[:100])
    prefix = _text(header[345:500])
    # Only POSIX has a prefix: elsewhere some readers take for one what others do not.
    if prefix and header[257:263] != b"ustar\0":
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
    """The records of a pax header ("LENGTH KEY=VALUE\\n") that name a member or its size. Sparse maps are refused."""
    records: dict[str, str] = {}
    at = 0
    while at < len(content):
        found = PAX_LENGTH.match(content, at)
        end = at + int(found[1]) if found else 0
        if found is None or not found.end() < end <= len(content) or content[end - 1 : end] != b"\n":
            raise Malformed
        key, _, value = content[found.end() : end - 1].partition(b"=")
        if key.startswith(b"GNU.sparse"):
            raise Malformed
        if key in {b"path", b"linkpath", b"size"}:
            records[key.decode("ascii")] = _filled(value.decode("utf-8"))
        at = end
    return records
