"""ZIP archives in which readers could find different files, or that cost too much to unpack."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from portal.uploads import flaws
from portal.uploads.archives import Malformed
from portal.uploads.errors import Refusal
from portal.uploads.zips import END, EXTRA_LIMIT, Entry, ends_as_zip, entries, pieces
from tests.uploads.artefacts import zipped

GOOD = zipped({"a/first.txt": "first " * 50, "a/second.txt": "second " * 50})
DIRECTORY = GOOD.index(b"PK\x01\x02")
SECOND = GOOD.index(b"PK\x03\x04", 4)


def read(folder: Path, content: bytes) -> dict[str, bytes]:
    """Every member of these bytes by name."""
    path = folder / "received.part"
    path.write_bytes(content)
    with path.open("rb") as file:
        return {entry.name: b"".join(pieces(file, entry)) for entry in entries(file)}


def refused(folder: Path, content: bytes) -> str:
    """The code with which these bytes are refused; "malformed" where they are no archive."""
    try:
        read(folder, content)
    except Refusal as refusal:
        return refusal.code
    except Malformed:
        return "malformed"
    return ""


def changed(at: int, value: bytes, content: bytes = GOOD) -> bytes:
    """The good archive with other bytes in one place."""
    return content[:at] + value + content[at + len(value) :]


def packed(content: bytes, *, name: bytes = b"a", size: int | None = None, crc: int | None = None) -> bytes:
    """An archive of one member with these packed bytes, which claims this size and sum."""
    size = len(content) if size is None else size
    sums = (zlib.crc32(content) if crc is None else crc, len(content), size)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, *sums, len(name), 0) + name
    head = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *sums, len(name), 0, 0, 0, 0, 0, 0) + name
    start = len(local) + len(content)
    return local + content + head + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(head), start, 0)


def deflated(content: bytes) -> bytes:
    """A raw deflated stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def test_members_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == {"a/first.txt": b"first " * 50, "a/second.txt": b"second " * 50}


def test_room_left_for_a_large_size_is_no_flaw(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"small after all")
    assert read(tmp_path, held.getvalue()) == {"a": b"small after all"}


def test_room_for_a_large_size_is_left_in_one_way_only(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"small")
    good = held.getvalue()
    assert read(tmp_path, changed(18, b"\5\0\0\0\5\0\0\0", good)) == {"a": b"small"}
    for at, value in ((18, b"\5\0\0\0"), (22, b"\5\0\0\0"), (18, b"\5\0\0\0\6\0\0\0")):
        assert refused(tmp_path, changed(at, value, good)) == flaws.ZIP_FORM.code


@pytest.mark.parametrize(
    ("at", "value"),
    [(14, b"\0\0\0\0"), (18, b"\1\0\0\0"), (22, b"\1\0\0\0"), (8, b"\0\0"), (30, b"b"), (6, b"\2\0")],
    ids=["sum", "packed", "size", "method", "name", "flags"],
)
def test_two_descriptions_of_a_member_must_agree(tmp_path: Path, at: int, value: bytes) -> None:
    assert refused(tmp_path, changed(at, value)) == flaws.ZIP_MEMBER.code


def test_bytes_between_members_are_refused(tmp_path: Path) -> None:
    with_gap = GOOD[:SECOND] + b"hidden" + GOOD[SECOND:]
    second = GOOD.index(b"PK\x01\x02", DIRECTORY + 4)
    moved = changed(second + 6 + 42, struct.pack("<L", SECOND + 6), with_gap)
    moved = changed(len(moved) - 6, struct.pack("<L", DIRECTORY + 6), moved)
    assert refused(tmp_path, moved) == flaws.ZIP_FORM.code


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    second = GOOD.index(b"PK\x01\x02", DIRECTORY + 4)
    assert refused(tmp_path, changed(second + 42, b"\0\0\0\0")) == flaws.ZIP_FORM.code


def test_sizes_behind_the_content_are_refused(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        """A stream that can't go back."""

        def seekable(self) -> bool:
            return False

        def seek(self, *_place: int) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    held = Pipe()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", "x")
    assert refused(tmp_path, held.getvalue()) == flaws.ZIP_FORM.code


@pytest.mark.parametrize("kind", [0x7075, 0x6375, 0x0001], ids=["name", "comment", "large"])
def test_extra_fields_that_only_some_readers_heed_are_refused(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("a")
    info.extra = struct.pack("<HH", kind, 9) + bytes(9)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(info, "x")
    assert refused(tmp_path, held.getvalue()) == flaws.ZIP_FORM.code


def test_the_extra_fields_of_a_header_are_few(tmp_path: Path) -> None:
    for count, code in ((EXTRA_LIMIT, ""), (EXTRA_LIMIT + 1, flaws.ZIP_FORM.code)):
        extra = b"".join(struct.pack("<HH", 0x8000 + kind, 0) for kind in range(count))
        local = changed(28, struct.pack("<H", len(extra)), packed(deflated(b""), size=0, crc=0))
        start = local.index(b"PK\x01\x02") + len(extra)
        whole = local[:31] + extra + local[31:]
        assert refused(tmp_path, changed(len(whole) - 6, struct.pack("<L", start), whole)) == code


def test_a_second_end_with_large_numbers_is_refused_wherever_it_hides(tmp_path: Path) -> None:
    # `zipfile`, and so pip, believes what lies right before the end, be it inside of the last extra field.
    end = len(GOOD) - END.size
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    hidden = struct.pack("<HH", 0x9999, len(locator)) + locator
    whole = GOOD[:end] + hidden + GOOD[end:]
    last = whole.rindex(b"PK\x01\x02")
    whole = changed(last + 30, struct.pack("<H", len(hidden)), whole)
    sizes = struct.unpack_from("<L", whole, len(whole) - 10)[0] + len(hidden)
    assert refused(tmp_path, changed(len(whole) - 10, struct.pack("<L", sizes), whole)) == flaws.ZIP_FORM.code


def test_what_a_reader_must_know_is_bounded_in_both_places(tmp_path: Path) -> None:
    assert refused(tmp_path, changed(4, b"\x40\x00")) == flaws.ZIP_FORM.code


def test_a_name_that_each_system_reads_differently_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, packed(deflated(b""), name=b"gr\xf6\xdfe", size=0, crc=0)) == flaws.ZIP_FORM.code
    assert refused(tmp_path, packed(deflated(b""), name=b"a\0b", size=0, crc=0)) == flaws.ZIP_MEMBER.code


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (deflated(b"x" * 100), 99),
        (deflated(b"x" * 100), 101),
        (deflated(b"x" * 100) + b"hidden", 100),
        (deflated(b"x" * 100)[:-1], 100),
        (b"", 0),
        (b"\xff" * 9, 9),
    ],
    ids=["longer", "shorter", "behind", "cut", "nothing", "junk"],
)
def test_content_must_be_what_was_announced(tmp_path: Path, content: bytes, size: int) -> None:
    assert refused(tmp_path, packed(content, size=size, crc=zlib.crc32(b"x" * 100))) == "malformed"


def test_a_size_that_was_not_announced_ends_the_unpacking_at_once(tmp_path: Path) -> None:
    bomb = packed(deflated(bytes(50_000_000)), size=10, crc=0)
    path = tmp_path / "bomb"
    path.write_bytes(bomb)
    with path.open("rb") as file:
        entry = entries(file)[0]
        given = pieces(file, entry)
        with pytest.raises(Malformed):
            next(given)


def test_a_zip_archive_is_found_behind_anything(tmp_path: Path) -> None:
    for content, found in ((b"x" * 1000 + GOOD, True), (b"x" * 1000, False), (b"PK\x05\x06" * 9, False)):
        path = tmp_path / "file"
        path.write_bytes(content + b"tail")
        with path.open("rb") as file:
            assert ends_as_zip(file) is found


def test_a_member_for_readers_of_the_future_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, changed(DIRECTORY + 6, b"\x40\x00")) == flaws.ZIP_FORM.code


def test_folders_are_empty_and_marked_as_such(tmp_path: Path) -> None:
    assert Entry("a/", 0, 0, 0, 0, 0).folder
    info = zipfile.ZipInfo("a")
    info.external_attr = 0o040755 << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(info, "x")
    assert refused(tmp_path, held.getvalue()) == flaws.MEMBER_KIND.code
