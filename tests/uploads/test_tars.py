"""Tar headers that readers take differently: each of these was one archive to us and another to pip or GNU tar."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

import pytest

from portal.uploads import flaws
from portal.uploads.errors import Refusal
from portal.uploads.sdists import read_sdist
from tests.uploads.artefacts import metadata

TOP = "demo-1.0"
CONTENT = b"hidden".ljust(512, b"\0")
PAX, LONG = tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME


def block(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, target: str = "") -> bytes:
    """A header of a tar archive, whatever it says."""
    info = tarfile.TarInfo("name")
    info.type, info.size, info.linkname = kind, size, target
    return edited(info.tobuf(tarfile.USTAR_FORMAT), 0, name.encode().ljust(100, b"\0"))


def edited(header: bytes, at: int, value: bytes) -> bytes:
    """A header with other bytes at a place, and its sum."""
    changed = bytearray(header)
    changed[at : at + len(value)] = value
    changed[148:156] = b" " * 8
    changed[148:156] = b"%06o\0 " % sum(changed)
    return bytes(changed)


def told(kind: bytes, text: str) -> bytes:
    """An extended header before a member: a long name, or one record of a pax header after another."""
    content = text.encode()
    return block("told", kind, len(content)) + content + bytes(-len(content) % 512)


def record(key: str, value: str) -> str:
    """A record of a pax header."""
    rest = f" {key}={value}\n"
    return next(whole for digits in (1, 2, 3) if len(whole := f"{len(rest) + digits}{rest}") == len(rest) + digits)


def read(folder: Path, *members: bytes) -> set[str]:
    """The files of an sdist with these further members at its end."""
    inside = metadata().encode()
    info = block(f"{TOP}/PKG-INFO", size=len(inside)) + inside + bytes(-len(inside) % 512)
    path = folder / "received.part"
    path.write_bytes(gzip.compress(b"".join([info, *members, bytes(1024)])))
    return set(read_sdist(path, "demo-1.0.tar.gz").files)


def refused(folder: Path, *members: bytes) -> str:
    """The code with which these members are refused."""
    with pytest.raises(Refusal) as caught:
        read(folder, *members)
    return caught.value.code


@pytest.mark.parametrize(
    ("kind", "target"),
    [(tarfile.DIRTYPE, ""), (tarfile.SYMTYPE, "PKG-INFO"), (tarfile.LNKTYPE, f"{TOP}/PKG-INFO")],
    ids=["folder", "symlink", "hard link"],
)
def test_what_is_no_file_has_no_content(tmp_path: Path, kind: bytes, target: str) -> None:
    assert read(tmp_path, block(f"{TOP}/x", kind, 0, target))
    assert refused(tmp_path, block(f"{TOP}/x", kind, 512, target), CONTENT) == flaws.ARCHIVE.code


@pytest.mark.parametrize("kind", [tarfile.AREGTYPE, tarfile.REGTYPE, tarfile.CONTTYPE, tarfile.SYMTYPE])
def test_only_folders_end_in_a_slash(tmp_path: Path, kind: bytes) -> None:
    plain, slash = f"{TOP}/x", f"{TOP}/x/"
    for header in (told(PAX, record("path", slash)), told(LONG, f"{slash}\0")):
        assert refused(tmp_path, header, block(plain, kind, 0, "PKG-INFO")) == flaws.ARCHIVE.code
        assert refused(tmp_path, header, block(slash, kind, 0, "PKG-INFO")) == flaws.ARCHIVE.code
    for header in (told(PAX, record("path", plain)), told(LONG, f"{plain}\0")):
        assert refused(tmp_path, header, block(slash, kind, 0, "PKG-INFO")) == flaws.ARCHIVE.code
    assert refused(tmp_path, block(slash, kind, 512, "PKG-INFO"), CONTENT) == flaws.ARCHIVE.code


def test_a_folder_of_an_old_archive_is_marked_by_its_slash(tmp_path: Path) -> None:
    assert read(tmp_path, block(f"{TOP}/x/", tarfile.AREGTYPE)) == {f"{TOP}/PKG-INFO"}
    assert refused(tmp_path, block(f"{TOP}/x/", tarfile.REGTYPE)) == flaws.ARCHIVE.code


@pytest.mark.parametrize("kind", [PAX, LONG])
def test_a_name_that_is_cut_off_behind_a_slash_is_no_folder(tmp_path: Path, kind: bytes) -> None:
    long = f"{TOP}/{'a' * 90}/name"
    assert long[99] == "/"
    header = told(kind, record("path", long) if kind == PAX else f"{long}\0")
    assert long in read(tmp_path, header, block(long[:100]))
    assert refused(tmp_path, header, block(f"{TOP}/{'b' * 90}/")) == flaws.ARCHIVE.code
    assert refused(tmp_path, header, block(long[:100], tarfile.AREGTYPE)) == flaws.ARCHIVE.code


def test_a_member_is_named_in_one_way(tmp_path: Path) -> None:
    pax, name = told(PAX, record("path", f"{TOP}/a")), told(LONG, f"{TOP}/b\0")
    link = told(tarfile.GNUTYPE_LONGLINK, f"{TOP}/b\0")
    for headers in ((pax, name), (name, pax), (pax, link), (link, pax)):
        assert refused(tmp_path, *headers, block(f"{TOP}/c")) == flaws.ARCHIVE.code
    assert f"{TOP}/b" in read(tmp_path, name, link, block(f"{TOP}/c", tarfile.SYMTYPE))


def test_a_record_of_a_header_is_there_once_and_whole(tmp_path: Path) -> None:
    one = record("path", f"{TOP}/a")
    assert f"{TOP}/a" in read(tmp_path, told(PAX, one), block(f"{TOP}/c"))
    for records in (one + one, "9 no-sign\n"[:9] + "\n", "5 =x\n", record("GNU.volume.filename", "x")):
        assert refused(tmp_path, told(PAX, records), block(f"{TOP}/c")) == flaws.ARCHIVE.code


@pytest.mark.parametrize("key", ["mtime", "atime", "ctime", "uid", "gid"])
def test_numbers_that_some_reader_fails_at_are_refused(tmp_path: Path, key: str) -> None:
    for value in ("", "x", "-1", "1e400", "9" * 20, "1 ", "\u0661"):
        assert refused(tmp_path, told(PAX, record(key, value)), block(f"{TOP}/c")) == flaws.ARCHIVE.code
    for value in ("0", "4294967295"):
        assert f"{TOP}/c" in read(tmp_path, told(PAX, record(key, value)), block(f"{TOP}/c"))


def test_times_have_fractions_and_owners_have_none(tmp_path: Path) -> None:
    assert f"{TOP}/c" in read(tmp_path, told(PAX, record("mtime", "1780315200.5")), block(f"{TOP}/c"))
    for value in ("1.5", "4294967296"):
        assert refused(tmp_path, told(PAX, record("uid", value)), block(f"{TOP}/c")) == flaws.ARCHIVE.code


def test_a_header_for_all_members_comes_before_those_of_one(tmp_path: Path) -> None:
    everywhere, name = told(tarfile.XGLTYPE, record("comment", "x")), told(LONG, f"{TOP}/b\0")
    assert f"{TOP}/b" in read(tmp_path, everywhere, name, block(f"{TOP}/c"))
    assert refused(tmp_path, name, everywhere, block(f"{TOP}/c")) == flaws.ARCHIVE.code


def test_the_folder_of_a_long_path_counts_in_one_version_of_the_format_only(tmp_path: Path) -> None:
    split = edited(block("c"), 345, TOP.encode())
    assert f"{TOP}/c" in read(tmp_path, split)
    for version in (b"  ", b"\0\0", b"01"):
        assert refused(tmp_path, edited(split, 263, version)) == flaws.ARCHIVE.code


def test_a_size_is_a_number(tmp_path: Path) -> None:
    for size in (b" " * 12, bytes(12)):
        assert refused(tmp_path, edited(block(f"{TOP}/x"), 124, size)) == flaws.ARCHIVE.code


def test_only_links_have_a_target(tmp_path: Path) -> None:
    for kind in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE):
        assert refused(tmp_path, block(f"{TOP}/x", kind, target="PKG-INFO")) == flaws.ARCHIVE.code
    told_of = told(PAX, record("linkpath", "PKG-INFO"))
    assert refused(tmp_path, told_of, block(f"{TOP}/x")) == flaws.ARCHIVE.code
    assert f"{TOP}/x" in read(tmp_path, told_of, block(f"{TOP}/x", tarfile.SYMTYPE, target="x"))


def test_names_are_utf_8(tmp_path: Path) -> None:
    name = record("path", f"{TOP}/x")
    assert read(tmp_path, told(PAX, record("hdrcharset", "BINARY") + name), block("x"))
    other = told(PAX, record("hdrcharset", "ISO-IR 8859 1 1998") + name)
    assert refused(tmp_path, other, block("x")) == flaws.ARCHIVE.code


def test_two_empty_blocks_are_the_end(tmp_path: Path) -> None:
    path = tmp_path / "received.part"
    inside = block(f"{TOP}/PKG-INFO")
    for blocks in (0, 1):
        path.write_bytes(gzip.compress(inside + bytes(512) * blocks))
        with pytest.raises(Refusal):
            read_sdist(path, "demo-1.0.tar.gz")
    path.write_bytes(gzip.compress(inside + bytes(1024)))
    assert read_sdist(path, "demo-1.0.tar.gz").files == {f"{TOP}/PKG-INFO"}
