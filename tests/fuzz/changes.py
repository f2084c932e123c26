"""Changing an archive: bytes anywhere, and fields that decide, with the sums above them set right again."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from hypothesis import strategies as st

from tests.fuzz.dice import Dice
from tests.fuzz.sdists import sdist
from tests.fuzz.wheels import wheel
from tests.uploads.artefacts import zipped_wheel

LENGTH = 20_000
NUMBERS = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]
TOKENS = [
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08", b"\x75\x70"),
    *(
        b"../",
        b"/",
        b"\\",
        b"\0",
        b"C:",
        b"..",
        b"demo-1.0/",
        b"PKG-INFO",
        b"METADATA",
        b"RECORD",
        b"\xff",
        b"\xc3\xb6",
    ),
    *(
        b"ustar\0",
        b"ustar  \0",
        b"00000000000\0",
        b"77777777777\0",
        b"\x80" + bytes(10),
        b"12 path=x\n",
        b"11 size=9\n",
    ),
    *(b"Name: ", b"Requires-Dist: ", b"License-File: ", b"((((", b"\n\n", b"\r\n", b"sha256=", b",,", b'"'),
    *(b"Tag: ", b"Build: 1\n", b"Wheel-Version: 1.0\n", b"py3-none-any", b"-", b".", b": ", b"[", b"="),
]
TEXTS = ["WHEEL", "METADATA", "RECORD", "entry_points.txt"]
NAMES = [
    b"demo-1.0/x",
    b"demo-1.0/x/",
    b"demo-1.0/x\0",
    b"demo-1.0/x/\0",
    b"demo-1.0/PKG-INFO",
    b"demo-1.0/" + b"y/" * 60,
]
SIZES = [b"00000000000\0", b"00000000001\0", b"00000001000\0", b"00000002000\0", b"512", b"1024", b"0"]
KEYS = [b"path=", b"linkpath=", b"size=", b"comment=", b"hdrcharset=", b"GNU.sparse.name=", b"SCHILY.realsize="]
KINDS = b"01234567LKxgSDVX\0"

Change = Callable[[bytes], bytes]


def _at(content: bytes, place: float) -> int:
    return min(int(place * (len(content) + 1)), len(content))


def replaced(place: float, new: bytes, length: int) -> Change:
    """Bytes at a place in other bytes' stead."""
    return lambda content: content[: _at(content, place)] + new + content[_at(content, place) + length :]


def repeated(place: float, length: int, target: float) -> Change:
    """A part of the archive once more, elsewhere."""

    def change(content: bytes) -> bytes:
        at, to = _at(content, place), _at(content, target)
        return content[:to] + content[at : at + length] + content[to:]

    return change


def in_header(mark: bytes, number: int, offset: int, value: bytes) -> Change:
    """A field at `offset` behind one of the places where `mark` stands."""

    def change(content: bytes) -> bytes:
        at = -1
        for _each in range(number + 1):
            at = content.find(mark, at + 1)
        to = at + offset
        return content if at == -1 else content[:to] + value + content[to + len(value) :]

    return change


def in_text(name: str, change: Change) -> Change:
    """A change of one of the texts beside METADATA, in a wheel that is right in all else: its RECORD is made anew."""

    def changed_text(content: bytes) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                held: dict[str, str | bytes] = {info.filename: archive.read(info) for info in archive.infolist()}
        except Exception:
            # What other changes have broken before, `zipfile` tells in many ways.
            return content
        for path in [path for path in held if path.endswith("/RECORD") and name != "RECORD"]:
            del held[path]
        for path in [path for path in held if path.endswith(f"/{name}")]:
            held[path] = change(bytes(held[path]))
        return zipped_wheel(held)

    return changed_text


def in_block(number: int, offset: int, value: bytes) -> Change:
    """A field of a tar header, with the header's sum set right."""

    def change(content: bytes) -> bytes:
        at = number * 512
        block = bytearray(content[at : at + 512])
        if len(block) < 512:
            return content
        block[offset : offset + len(value)] = value
        block = block[:512]
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
        return content[:at] + bytes(block) + content[at + 512 :]

    return change


def told_before(number: int, kind: bytes, text: bytes) -> Change:
    """An extended header before a block: a long name, or the records of a pax header."""

    def change(content: bytes) -> bytes:
        told = text if kind in b"LK" else b"".join(_record(line) for line in text.split(b"\n"))
        info = tarfile.TarInfo("told")
        info.type, info.size = kind, len(told)
        at = min(number, len(content) // 512) * 512
        return content[:at] + info.tobuf(tarfile.USTAR_FORMAT) + told + bytes(-len(told) % 512) + content[at:]

    return change


def _record(line: bytes) -> bytes:
    length = len(line) + 2
    while length != len(b"%d %s\n" % (length, line)):
        length = len(b"%d %s\n" % (length, line))
    return b"%d %s\n" % (length, line)


def sums_right(content: bytes) -> bytes:
    """Local and central sums of stored members computed anew, so that changed contents are not just broken ones."""
    found = bytearray(content)
    at = found.find(b"PK\x03\x04")
    while at != -1 and at + 30 <= len(found):
        size, name, extra = *struct.unpack_from("<L", found, at + 18), *struct.unpack_from("<HH", found, at + 26)
        start = at + 30 + name + extra
        if struct.unpack_from("<H", found, at + 8)[0] == 0:
            found[at + 14 : at + 18] = struct.pack("<L", zlib.crc32(found[start : start + size]))
        at = found.find(b"PK\x03\x04", at + 4)
    return bytes(found)


places = st.floats(0, 1, exclude_max=True)
values = st.one_of(
    st.sampled_from(TOKENS),
    st.binary(min_size=1, max_size=8),
    st.sampled_from(NUMBERS).map(lambda number: struct.pack("<L", number)),
    st.sampled_from([0, 1, 8, 12, 0x800, 0xFFFF]).map(lambda number: struct.pack("<H", number)),
)
anywhere = st.one_of(
    st.builds(replaced, places, values, st.integers(0, 12)),
    st.builds(replaced, places, st.just(b""), st.integers(1, 600)),
    st.builds(repeated, places, st.integers(1, 700), places),
)
marks = st.sampled_from([b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"])
zip_changes = st.one_of(
    anywhere,
    st.builds(in_header, marks, st.integers(0, 5), st.integers(4, 60), values),
    st.just(sums_right),
    st.builds(in_text, st.sampled_from(TEXTS), anywhere),
)
tar_changes = st.one_of(
    anywhere,
    st.builds(in_block, st.integers(0, 8), st.sampled_from([0, 100, 124, 156, 157, 257, 345]), values),
    st.builds(in_block, st.integers(0, 8), st.just(156), st.sampled_from([bytes([kind]) for kind in KINDS])),
    st.builds(in_block, st.integers(0, 8), st.just(124), st.sampled_from(SIZES)),
    st.builds(in_block, st.integers(0, 8), st.just(0), st.sampled_from(NAMES)),
    st.builds(told_before, st.integers(0, 8), st.sampled_from([b"L", b"K"]), st.sampled_from(NAMES)),
    st.builds(
        told_before,
        st.integers(0, 8),
        st.sampled_from([b"x", b"x", b"g"]),
        st.lists(st.builds(bytes.__add__, st.sampled_from(KEYS), st.sampled_from([*NAMES, *SIZES])), max_size=3).map(
            b"\n".join
        ),
    ),
)


def changed(content: bytes, kind: str, changes: list[Change], outer: bool) -> bytes:
    """The archive with all changes; an sdist's go into what is packed, unless they are for the outside."""
    if not changes:
        return content
    inner = kind == "sdist" and not outer
    try:
        raw = gzip.decompress(content) if inner else content
    except (OSError, EOFError, zlib.error):
        inner, raw = False, content
    for change in changes:
        raw = change(raw)[: LENGTH * (5 if inner else 1)]
    return gzip.compress(raw, 1, mtime=0) if inner else raw


chances = st.binary(min_size=8, max_size=8).map(lambda number: Dice(int.from_bytes(number, "big")))


def mutants(seeds: dict[str, list[bytes]]) -> st.SearchStrategy[tuple[str, bytes]]:
    """(kind, bytes): half of them made anew and left as they are, the others changed, or changed seeds."""

    def of(kind: str, made: Callable[[Dice], bytes]) -> st.SearchStrategy[tuple[str, bytes]]:
        any_change = zip_changes if kind == "whl" else tar_changes
        outside = st.sampled_from([False, False, True])
        new, old = chances.map(made), st.sampled_from(seeds[kind])
        few, many = st.lists(any_change, min_size=1, max_size=2), st.lists(any_change, min_size=1, max_size=6)
        some = [(new, st.just([])), (new, st.just([])), (new, few), (old, many)]
        found = [st.builds(changed, content, st.just(kind), changes, outside) for content, changes in some]
        return st.one_of(*found).map(lambda content: (kind, content))

    return st.one_of(of("whl", wheel), of("sdist", sdist))
