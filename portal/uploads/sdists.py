"""Looking into an sdist: a gzipped tar archive, read as a stream with bounded memory.

`tarfile` reads extended headers of any size into memory and searches them with slow patterns; this
reader takes from the format (POSIX.1-2001 pax, GNU long names) what source distributions use, and
refuses the rest: sparse files, devices, base-256 sizes, headers above `HEADER_LIMIT`.
"""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from portal.uploads import errors
from portal.uploads.archives import METADATA_LIMIT, Members, check_path, check_ratio
from portal.uploads.errors import Refusal

BLOCK = 512
CHUNK = 256 * 1024
HEADER_LIMIT = 64 * 1024
OCTAL = re.compile(rb" *([0-7]*)[ \0]*")
PAX_LENGTH = re.compile(rb"([1-9][0-9]{0,5}) ")
FILES = frozenset(b"0\x007")
LINK, SYMLINK, FOLDER = b"1"[0], b"2"[0], b"5"[0]
PAX, PAX_GLOBAL, LONG_NAME, LONG_LINK = b"x"[0], b"g"[0], b"L"[0], b"K"[0]

UNREADABLE = (gzip.BadGzipFile, zlib.error, OSError, EOFError, UnicodeDecodeError)


class Malformed(ValueError):
    """These bytes are not such an archive."""


@dataclass(frozen=True)
class Member:
    """One member as its headers describe it; `size` is that of its content in bytes."""

    name: str
    kind: int
    size: int
    target: str


def read_sdist(path: Path, filename: str) -> bytes:
    """The content of the top folder's PKG-INFO, after all checks. Raises Refusal. Slow: no transaction may be open."""
    try:
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            return _read(Tar(unpacked, path.stat().st_size))
    except (*UNREADABLE, Malformed) as error:
        raise Refusal(errors.ARCHIVE, filename=filename) from error


class Tar:
    """A stream of blocks; what it gives out in all is bounded by the size of the archive."""

    def __init__(self, stream: gzip.GzipFile, packed: int) -> None:
        self.stream = stream
        self.packed = packed
        self.given = 0

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


def _read(tar: Tar) -> bytes:
    members = Members()
    found: dict[str, bytes] = {}
    while member := _next(tar):
        path = members.add(member.name, folder=member.kind == FOLDER)
        _check_kind(member, path, members)
        wanted = path.count("/") == 1 and path.endswith("/PKG-INFO") and member.kind in FILES
        if wanted and member.size > METADATA_LIMIT:
            raise Refusal(errors.METADATA_TEXT)
        content = tar.content(member.size, keep=wanted)
        if wanted:
            found[path] = content
    tar.finish()
    members.check_links()
    tops = members.tops()
    if len(tops) != 1 or not tops.isdisjoint(path for path, folder in members.seen.items() if not folder):
        raise Refusal(errors.SDIST_FOLDER)
    path = f"{tops.pop()}/PKG-INFO"
    if path not in found:
        raise Refusal(errors.MEMBER_MISSING, member=path)
    return found[path]


def _check_kind(member: Member, path: str, members: Members) -> None:
    if member.kind == SYMLINK:
        members.add_link(path, member.target)
    elif member.kind == LINK:
        if check_path(member.target) not in members.seen:
            raise Refusal(errors.MEMBER_PATH, member=member.name)
    elif member.kind not in FILES and member.kind != FOLDER:
        raise Refusal(errors.MEMBER_KIND, member=member.name)


def _next(tar: Tar) -> Member | None:
    """The next member, with the extended headers before it; None at the archive's end."""
    name = target = ""
    while True:
        header = tar.read(BLOCK)
        if not header.strip(b"\0"):
            return None
        size, kind = _checked(header), header[156]
        if kind in {LONG_NAME, LONG_LINK}:
            text = _extended(tar, size).rstrip(b"\0").decode("utf-8")
            name, target = (text, target) if kind == LONG_NAME else (name, text)
        elif kind in {PAX, PAX_GLOBAL}:
            records = _records(_extended(tar, size))
            # What a global header says holds for all members: nobody names them all alike.
            if kind == PAX_GLOBAL and records:
                raise Malformed
            name, target = records.get("path", name), records.get("linkpath", target)
        else:
            return _member(header, kind, name or _short_name(header), target or _text(header[157:257]))


def _member(header: bytes, kind: int, name: str, target: str) -> Member:
    # Archives older than POSIX mark a folder by its slash alone.
    kind = FOLDER if kind == 0 and name.endswith("/") else kind
    return Member(name, kind, _checked(header) if kind in FILES else 0, target)


def _checked(header: bytes) -> int:
    """The size that a header gives, if its checksum is right."""
    total = sum(header) - sum(header[148:156]) + 8 * 0x20
    if _octal(header[148:156]) != total:
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
    name = _text(header[:100])
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _extended(tar: Tar, size: int) -> bytes:
    if size > HEADER_LIMIT:
        raise Malformed
    return tar.content(size, keep=True)


def _records(content: bytes) -> dict[str, str]:
    """The records of a pax header ("LENGTH KEY=VALUE\\n"). Sizes and sparse maps given there are refused."""
    records: dict[str, str] = {}
    while content:
        found = PAX_LENGTH.match(content)
        length = int(found[1]) if found else 0
        if found is None or not found.end() < length <= len(content) or content[length - 1 : length] != b"\n":
            raise Malformed
        key, _, value = content[found.end() : length - 1].partition(b"=")
        if key == b"size" or key.startswith(b"GNU.sparse"):
            raise Malformed
        if key in {b"path", b"linkpath"}:
            records[key.decode("ascii")] = value.decode("utf-8")
        content = content[length:]
    return records
