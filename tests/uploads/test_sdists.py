"""Looking into sdists: the tar formats that tools write, and what hides in others."""

from __future__ import annotations

import gzip
import io
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.uploads import errors
from portal.uploads.errors import Refusal
from portal.uploads.sdists import read_sdist
from tests.uploads.artefacts import member, metadata, sdist_members, tarred

GOOD = tarred(sdist_members())
TOP = "demo-1.0"
FORMATS = pytest.mark.parametrize(
    "kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT], ids=["pax", "gnu", "ustar"]
)


def read(folder: Path, content: bytes) -> bytes:
    """PKG-INFO of these bytes as an sdist."""
    path = folder / "received.part"
    path.write_bytes(content)
    return read_sdist(path, "demo-1.0.tar.gz")


def refused(folder: Path, *members: Any) -> str:
    """The code with which a good sdist with these further members is refused."""
    return refused_bytes(folder, tarred([*sdist_members(), *members]))


def refused_bytes(folder: Path, content: bytes) -> str:
    """The code with which these bytes are refused as an sdist."""
    with pytest.raises(Refusal) as caught:
        read(folder, content)
    return caught.value.code


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> Any:
    """A link as a member."""
    return member(f"{TOP}/{name}", type=kind, linkname=target)


@FORMATS
def test_the_metadata_of_an_sdist_is_read_in_every_format(tmp_path: Path, kind: int) -> None:
    long = member(f"{TOP}/{'folder/' * 12}{'x' * 90}", b"x" * 700)
    assert read(tmp_path, tarred([*sdist_members(), long], kind)) == metadata().encode()


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT], ids=["pax", "gnu"])
def test_names_of_any_length_and_script_are_read(tmp_path: Path, kind: int) -> None:
    long = member(f"{TOP}/{'ordner/' * 40}größe-測試.txt", "x")
    assert read(tmp_path, tarred([*sdist_members(), long], kind)) == metadata().encode()


@FORMATS
def test_a_long_path_outside_is_seen_in_every_format(tmp_path: Path, kind: int) -> None:
    evil = member(f"{TOP}/{'folder/' * 15}../../evil/{'x' * 60}", "x")
    assert refused_bytes(tmp_path, tarred([*sdist_members(), evil], kind)) == errors.MEMBER_PATH.code


@pytest.mark.parametrize("name", ["/etc/passwd", f"{TOP}/../evil", "..", f"{TOP}/a\\b", "C:/evil", f"{TOP}/\x07bell"])
def test_members_stay_inside(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(name, "x")) == errors.MEMBER_PATH.code


@pytest.mark.parametrize("name", ["other/file", "file", "demo-1.0.txt"])
def test_there_is_one_folder_at_the_top(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(name, "x")) == errors.SDIST_FOLDER.code


def test_a_lone_file_is_no_folder(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, tarred([member("demo-1.0", "x")])) == errors.SDIST_FOLDER.code
    assert refused_bytes(tmp_path, tarred([])) == errors.SDIST_FOLDER.code


def test_the_metadata_must_lie_in_the_top_folder(tmp_path: Path) -> None:
    members = [member(f"{TOP}/setup.py", ""), member(f"{TOP}/sub/PKG-INFO", metadata())]
    assert refused_bytes(tmp_path, tarred(members)) == errors.MEMBER_MISSING.code


def test_a_member_is_there_once_and_a_folder_as_often_as_it_likes(tmp_path: Path) -> None:
    assert refused(tmp_path, member(f"{TOP}/PKG-INFO", metadata())) == errors.MEMBER_TWICE.code
    assert refused(tmp_path, member(f"{TOP}/./PKG-INFO", metadata())) == errors.MEMBER_TWICE.code
    folder = member(f"{TOP}/", type=tarfile.DIRTYPE)
    assert read(tmp_path, tarred([*sdist_members(), folder])) == metadata().encode()


@pytest.mark.parametrize("target", ["sub/file", "../demo-1.0/PKG-INFO", "PKG-INFO"])
def test_links_inside_the_folder_are_taken(tmp_path: Path, target: str) -> None:
    assert read(tmp_path, tarred([*sdist_members(), link("link", target)])) == metadata().encode()


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../other/file", "../../evil", "..", "sub/../../x", "", "a/b/../../.."]
)
def test_links_to_elsewhere_are_refused(tmp_path: Path, target: str) -> None:
    assert refused(tmp_path, link("link", target)) == errors.MEMBER_PATH.code


def test_nothing_lies_below_a_link(tmp_path: Path) -> None:
    assert refused(tmp_path, link("l", "sub"), member(f"{TOP}/l/l/file", "x")) == errors.MEMBER_BELOW_LINK.code


def test_a_hard_link_names_a_member(tmp_path: Path) -> None:
    assert (
        read(tmp_path, tarred([*sdist_members(), link("l", f"{TOP}/PKG-INFO", tarfile.LNKTYPE)])) == metadata().encode()
    )
    assert refused(tmp_path, link("l", "/etc/passwd", tarfile.LNKTYPE)) == errors.MEMBER_PATH.code
    assert refused(tmp_path, link("l", f"{TOP}/none", tarfile.LNKTYPE)) == errors.MEMBER_PATH.code


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE, b"V"])
def test_devices_and_sparse_files_are_refused(tmp_path: Path, kind: bytes) -> None:
    assert refused(tmp_path, member(f"{TOP}/odd", type=kind)) == errors.MEMBER_KIND.code


@pytest.mark.parametrize(
    "headers", [{"size": "1"}, {"GNU.sparse.major": "1"}, {"path": "x" * 70_000}, {"comment": "x" * 70_000}]
)
def test_extended_headers_that_change_the_size_or_are_long_are_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    assert refused(tmp_path, member(f"{TOP}/odd", "x", pax_headers=headers)) == errors.ARCHIVE.code


def test_a_header_for_all_members_may_not_name_them(tmp_path: Path) -> None:
    for headers, status in (({"comment": "a commit"}, None), ({"path": f"{TOP}/PKG-INFO"}, errors.ARCHIVE.code)):
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w:", format=tarfile.PAX_FORMAT, pax_headers=headers) as archive:
            for info, content in sdist_members():
                archive.addfile(info, io.BytesIO(content))
        content = gzip.compress(held.getvalue())
        if status is None:
            assert read(tmp_path, content) == metadata().encode()
        else:
            assert refused_bytes(tmp_path, content) == status


def test_metadata_of_any_length_is_not_read(tmp_path: Path) -> None:
    members = sdist_members(inside=metadata(body="x" * 2 * 1024 * 1024))
    assert refused_bytes(tmp_path, tarred(members)) == errors.METADATA_TEXT.code


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    zeros = member(f"{TOP}/zeros", bytes(66 * 1024 * 1024))
    assert refused(tmp_path, zeros) == errors.ARCHIVE_BOMB.code
    padded = gzip.compress(gzip.decompress(GOOD) + bytes(66 * 1024 * 1024))
    assert refused_bytes(tmp_path, padded) == errors.ARCHIVE_BOMB.code


PLAIN = gzip.decompress(GOOD)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzip",
        GOOD[:-4],
        GOOD[: len(GOOD) // 2],
        GOOD + b"junk",
        gzip.compress(b"no tar archive" * 100),
        gzip.compress(PLAIN[:700]),
        gzip.compress(PLAIN + b"behind the end"),
        gzip.compress(PLAIN.replace(b"ustar", b"USTAR")),
        gzip.compress(PLAIN.replace(TOP.encode(), b"\xff\xfe-1.0x"[:8])),
        PLAIN,
    ],
    ids=["empty", "text", "no checksum", "half", "tail", "no tar", "cut", "behind", "sum", "bytes", "unpacked"],
)
def test_archives_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    assert refused_bytes(tmp_path, content) == errors.ARCHIVE.code


def test_a_zip_archive_is_no_sdist(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, b"PK\x03\x04" + bytes(100)) == errors.ARCHIVE.code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(at=st.integers(0, 4096), junk=st.binary(min_size=1, max_size=12), length=st.integers(0, 12))
def test_no_bytes_get_anything_but_a_reason(tmp_path: Path, at: int, junk: bytes, length: int) -> None:
    with suppress(Refusal):
        read(tmp_path, gzip.compress(PLAIN[:at] + junk + PLAIN[at + length :], 1))
