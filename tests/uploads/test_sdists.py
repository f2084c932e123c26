"""Looking into sdists: the tar formats that tools write, and what hides in others."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.uploads import flaws
from portal.uploads.errors import Refusal
from portal.uploads.sdists import read_sdist
from tests.uploads.artefacts import member, metadata, sdist_members, tarred, zipped

GOOD = tarred(sdist_members())
PLAIN = gzip.decompress(GOOD)
TOP = "demo-1.0"
FORMATS = pytest.mark.parametrize(
    "kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT], ids=["pax", "gnu", "ustar"]
)


def read(folder: Path, content: bytes) -> bytes:
    """PKG-INFO of these bytes as an sdist."""
    path = folder / "received.part"
    path.write_bytes(content)
    return read_sdist(path, "demo-1.0.tar.gz").metadata


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
    cut = member(f"{TOP}/{'測' * 50}", "x")
    assert read(tmp_path, tarred([*sdist_members(), cut], kind)) == metadata().encode()
    assert read(tmp_path, tarred([*sdist_members(), long], kind)) == metadata().encode()


@FORMATS
def test_a_long_path_outside_is_seen_in_every_format(tmp_path: Path, kind: int) -> None:
    evil = member(f"{TOP}/{'folder/' * 15}../../evil/{'x' * 60}", "x")
    assert refused_bytes(tmp_path, tarred([*sdist_members(), evil], kind)) == flaws.MEMBER_PATH.code


@pytest.mark.parametrize("name", ["/etc/passwd", f"{TOP}/../evil", "..", f"{TOP}/a\\b", "C:/evil", f"{TOP}/\x07bell"])
def test_members_stay_inside(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(name, "x")) == flaws.MEMBER_PATH.code


@pytest.mark.parametrize("name", [f"./{TOP}/x", f"{TOP}/./x", f"{TOP}//x", f"{TOP}/x/.", f"{TOP}/x//"])
def test_a_path_is_spelled_in_one_way(tmp_path: Path, name: str) -> None:
    kind = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
    assert refused(tmp_path, member(name, type=kind)) == flaws.MEMBER_SPELLING.code


@pytest.mark.parametrize("name", ["other/file", "file", "demo-1.0.txt"])
def test_there_is_one_folder_at_the_top(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(name, "x")) == flaws.SDIST_FOLDER.code


def test_a_lone_file_is_no_folder(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, tarred([member("demo-1.0", "x")])) == flaws.SDIST_FOLDER.code
    assert refused_bytes(tmp_path, tarred([])) == flaws.SDIST_FOLDER.code


def test_the_metadata_must_lie_in_the_top_folder(tmp_path: Path) -> None:
    members = [member(f"{TOP}/setup.py", ""), member(f"{TOP}/sub/PKG-INFO", metadata())]
    assert refused_bytes(tmp_path, tarred(members)) == flaws.MEMBER_MISSING.code


def test_a_member_is_there_once_and_a_folder_as_often_as_it_likes(tmp_path: Path) -> None:
    assert refused(tmp_path, member(f"{TOP}/PKG-INFO", metadata())) == flaws.MEMBER_TWICE.code
    folder = member(f"{TOP}/", type=tarfile.DIRTYPE)
    assert read(tmp_path, tarred([*sdist_members(), folder])) == metadata().encode()


@pytest.mark.parametrize("target", ["sub/file", "PKG-INFO", "./sub/", "sub//file"])
def test_links_inside_the_folder_are_taken(tmp_path: Path, target: str) -> None:
    assert read(tmp_path, tarred([*sdist_members(), link("link", target)])) == metadata().encode()


@pytest.mark.parametrize(
    "target",
    ["/etc/passwd", "../other/file", "../demo-1.0/PKG-INFO", "../../evil", "..", "sub/../../x", "", "a/b/../../.."],
)
def test_links_to_elsewhere_are_refused(tmp_path: Path, target: str) -> None:
    assert refused(tmp_path, link("link", target)) == flaws.MEMBER_PATH.code


def test_a_link_climbs_within_the_top_folder_only_which_pip_takes_away(tmp_path: Path) -> None:
    deep = link("sub/deep/link", "../../PKG-INFO")
    assert read(tmp_path, tarred([*sdist_members(), deep])) == metadata().encode()
    out = link("sub/deep/link", "../../../demo-1.0/PKG-INFO")
    assert refused(tmp_path, out) == flaws.MEMBER_PATH.code


def test_nothing_lies_below_a_link(tmp_path: Path) -> None:
    assert refused(tmp_path, link("l", "sub"), member(f"{TOP}/l/l/file", "x")) == flaws.MEMBER_BELOW_LINK.code


def test_a_hard_link_names_a_member(tmp_path: Path) -> None:
    assert (
        read(tmp_path, tarred([*sdist_members(), link("l", f"{TOP}/PKG-INFO", tarfile.LNKTYPE)])) == metadata().encode()
    )
    assert refused(tmp_path, link("l", "/etc/passwd", tarfile.LNKTYPE)) == flaws.MEMBER_PATH.code
    for target in (f"{TOP}/none", TOP, f"{TOP}/l", f"{TOP}/s"):
        links = (link("s", "PKG-INFO"), link("l", target, tarfile.LNKTYPE))
        assert refused(tmp_path, *links) == flaws.MEMBER_PATH.code


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE, b"V"])
def test_devices_and_sparse_files_are_refused(tmp_path: Path, kind: bytes) -> None:
    assert refused(tmp_path, member(f"{TOP}/odd", type=kind)) == flaws.MEMBER_KIND.code


@pytest.mark.parametrize(
    "headers",
    [{"size": "2"}, {"size": "01"}, {"GNU.sparse.major": "1"}, {"path": "x" * 70_000}, {"comment": "x" * 70_000}],
)
def test_extended_headers_that_change_the_size_or_are_long_are_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    assert refused(tmp_path, member(f"{TOP}/odd", "x", pax_headers=headers)) == flaws.ARCHIVE.code


def header(kind: bytes, content: bytes) -> bytes:
    """An extended header of a tar archive."""
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, len(content)
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def before_more(headers: bytes) -> bytes:
    """A good sdist with one member more and these headers before it."""
    more = tarfile.TarInfo(f"{TOP}/more").tobuf(tarfile.USTAR_FORMAT)
    return gzip.compress(PLAIN.rstrip(b"\0") + bytes(-len(PLAIN.rstrip(b"\0")) % 512) + headers + more + bytes(1024))


def test_one_extended_header_of_each_kind_stands_before_a_member(tmp_path: Path) -> None:
    pax, name = header(b"x", b"13 comment=x\n"), header(b"L", f"{TOP}/more".encode())
    for one in (pax, name):
        assert read(tmp_path, before_more(one)) == metadata().encode()
    for twice in (pax + pax, name + name, header(b"K", b"a") * 2, pax + name + pax):
        assert refused_bytes(tmp_path, before_more(twice)) == flaws.ARCHIVE.code


def test_extended_headers_are_bounded_in_one_and_in_all(tmp_path: Path) -> None:
    long = header(b"x", b"12 comment=\n" * 5000)
    each = [long + tarfile.TarInfo(f"{TOP}/{number}").tobuf(tarfile.USTAR_FORMAT) for number in range(70)]
    assert read(tmp_path, before_more(b"".join(each[:69]))) == metadata().encode()
    assert refused_bytes(tmp_path, before_more(b"".join(each))) == flaws.ARCHIVE.code


def test_a_size_that_is_told_twice_must_agree(tmp_path: Path) -> None:
    twice = member(f"{TOP}/more", "x", pax_headers={"size": "1"})
    assert read(tmp_path, tarred([*sdist_members(), twice])) == metadata().encode()


@pytest.mark.parametrize("name", ["pkg-info", "\u017fetup.py", "Setup.py", "setup.py.", "setup.py ", "setup.py::$DATA"])
def test_members_that_are_one_file_on_some_systems_are_refused(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(f"{TOP}/setup.py", ""), member(f"{TOP}/{name}", "x")) == flaws.MEMBER_ALIKE.code


def test_composed_and_decomposed_letters_are_one_file(tmp_path: Path) -> None:
    members = [member(f"{TOP}/gr\u00f6\u00dfe", ""), member(f"{TOP}/gro\u0308\u00dfe", "x")]
    assert refused(tmp_path, *members) == flaws.MEMBER_ALIKE.code


def test_folders_of_two_spellings_may_be_one(tmp_path: Path) -> None:
    folders = [member(f"{TOP}/{name}/", type=tarfile.DIRTYPE) for name in ("Docs", "docs")]
    assert read(tmp_path, tarred([*sdist_members(), *folders])) == metadata().encode()


@pytest.mark.parametrize("name", [f"{TOP}/pyproject.toml/x", f"{TOP}/PyProject.toml/x/y"])
def test_nothing_lies_below_a_file(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(name, "x")) == flaws.MEMBER_BELOW_LINK.code


@pytest.mark.parametrize("name", [f"{TOP}/{'x' * 1000}", f"{TOP}/{'x/' * 60}y"])
def test_paths_are_neither_long_nor_deep(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, member(name, "x")) == flaws.MEMBER_LONG.code


def test_a_sum_of_gzips_header_is_content_to_some_readers(tmp_path: Path) -> None:
    named = GOOD[:3] + b"\x08" + GOOD[4:10] + b"name\0"
    summed = named[:3] + b"\x0a" + named[4:]
    sum_of_header = (zlib.crc32(summed) & 0xFFFF).to_bytes(2, "little")
    assert read(tmp_path, named + GOOD[10:]) == metadata().encode()
    assert gzip.decompress(summed + sum_of_header + GOOD[10:]) == PLAIN
    assert refused_bytes(tmp_path, summed + sum_of_header + GOOD[10:]) == flaws.ARCHIVE.code


def test_one_gzip_stream_is_the_whole_file(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, GOOD + gzip.compress(b"")) == flaws.ARCHIVE.code
    halves = gzip.compress(PLAIN[:512]) + gzip.compress(PLAIN[512:])
    assert refused_bytes(tmp_path, halves) == flaws.ARCHIVE.code


def test_an_archive_of_two_kinds_is_refused(tmp_path: Path) -> None:
    held = zipped({"evil.py": "x"})
    named = gzip.compress(PLAIN)
    # A gzip header may hold fields of any content, which unpacking passes over.
    both = named[:3] + b"\x04" + named[4:10] + len(held).to_bytes(2, "little") + held + named[10:]
    assert gzip.decompress(both) == PLAIN
    assert refused_bytes(tmp_path, both) == flaws.ARCHIVE.code


def test_a_header_for_all_members_may_not_name_them(tmp_path: Path) -> None:
    for headers, status in (({"comment": "a commit"}, None), ({"path": f"{TOP}/PKG-INFO"}, flaws.ARCHIVE.code)):
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
    assert refused_bytes(tmp_path, tarred(members)) == flaws.METADATA_TEXT.code


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    zeros = member(f"{TOP}/zeros", bytes(66 * 1024 * 1024))
    assert refused(tmp_path, zeros) == flaws.ARCHIVE_BOMB.code
    padded = gzip.compress(gzip.decompress(GOOD) + bytes(66 * 1024 * 1024))
    assert refused_bytes(tmp_path, padded) == flaws.ARCHIVE_BOMB.code


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
    assert refused_bytes(tmp_path, content) == flaws.ARCHIVE.code


def test_a_zip_archive_is_no_sdist(tmp_path: Path) -> None:
    assert refused_bytes(tmp_path, b"PK\x03\x04" + bytes(100)) == flaws.ARCHIVE.code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(at=st.integers(0, 4096), junk=st.binary(min_size=1, max_size=12), length=st.integers(0, 12))
def test_no_bytes_get_anything_but_a_reason(tmp_path: Path, at: int, junk: bytes, length: int) -> None:
    with suppress(Refusal):
        read(tmp_path, gzip.compress(PLAIN[:at] + junk + PLAIN[at + length :], 1))
