"""Looking into wheels: what must be inside, and archives that readers could understand differently."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from portal.uploads import flaws, zips
from portal.uploads.declared import WHEEL, Declared
from portal.uploads.entry_points import SIZE_LIMIT
from portal.uploads.errors import Refusal
from portal.uploads.wheels import read_wheel
from tests.uploads.artefacts import metadata, record, wheel_members, zipped, zipped_wheel

INFO = "demo-1.0.dist-info"
GOOD = zipped_wheel(wheel_members())


def read(folder: Path, content: bytes, name: str = "demo", version: str = "1.0") -> bytes:
    """METADATA of these bytes as a wheel."""
    path = folder / "received.part"
    path.write_bytes(content)
    declared = Declared(name, Version(version), WHEEL, "py3", {}, None)
    return read_wheel(path, "demo-1.0-py3-none-any.whl", declared).metadata


def refused(folder: Path, content: bytes) -> str:
    """The code with which these bytes are refused as a wheel."""
    with pytest.raises(Refusal) as caught:
        read(folder, content)
    return caught.value.code


def with_member(info: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    """A good wheel with one more member."""
    held = io.BytesIO(GOOD)
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(info, content)
    return held.getvalue()


def patched(old: bytes, new: bytes, count: int = -1) -> bytes:
    """The good wheel with bytes replaced."""
    assert old in GOOD
    return GOOD.replace(old, new, count)


def test_the_metadata_of_a_wheel_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == metadata().encode()


def test_the_folder_of_metadata_may_spell_name_and_version_in_another_way(tmp_path: Path) -> None:
    members = {name.replace(INFO, "De_mo-1.0.0.dist-info"): value for name, value in wheel_members().items()}
    assert read(tmp_path, zipped_wheel(members), "de-mo") == metadata().encode()


@pytest.mark.parametrize("missing", ["METADATA", "WHEEL", "RECORD"])
def test_each_file_that_a_wheel_has_must_be_there(tmp_path: Path, missing: str) -> None:
    members = {f"{INFO}/RECORD": record(wheel_members(), INFO)} | wheel_members()
    del members[f"{INFO}/{missing}"]
    assert refused(tmp_path, zipped(members)) == flaws.MEMBER_MISSING.code


@pytest.mark.parametrize(
    "folder", ["other-1.0.dist-info", "demo-2.0.dist-info", "demo-one.dist-info", "demo.dist-info", "demo"]
)
def test_the_folder_of_metadata_must_be_of_this_name_and_version(tmp_path: Path, folder: str) -> None:
    members = {name.replace(INFO, folder): value for name, value in wheel_members().items()}
    assert refused(tmp_path, zipped(members)) == flaws.MEMBER_MISSING.code


def test_two_folders_of_metadata_are_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, zipped({**wheel_members(), "other-1.0.dist-info/METADATA": ""})) == flaws.MEMBER_MISSING.code
    )


@pytest.mark.parametrize("content", ["", "Wheel-Version: 2.0\n", "Generator: x\n", b"\xff\xfe"])
def test_wheels_of_another_format_are_refused(tmp_path: Path, content: str | bytes) -> None:
    assert refused(tmp_path, zipped_wheel({**wheel_members(), f"{INFO}/WHEEL": content})) == flaws.WHEEL_FORMAT.code


def test_metadata_of_any_length_is_not_read(tmp_path: Path) -> None:
    long = metadata(body="x" * 2 * 1024 * 1024)
    assert refused(tmp_path, zipped_wheel({**wheel_members(), f"{INFO}/METADATA": long})) == flaws.METADATA_TEXT.code


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../evil.py",
        "demo/../../evil.py",
        "demo\\evil.py",
        "C:/evil.py",
        "demo/\x1b[2J",
        "demo/\x7f",
        ".",
        "./",
        "//x",
    ],
)
def test_members_stay_inside(tmp_path: Path, name: str) -> None:
    member = {name: "" if name.endswith("/") else "x"}
    assert refused(tmp_path, zipped(wheel_members() | member)) == flaws.MEMBER_PATH.code


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_member_is_there_twice(tmp_path: Path) -> None:
    assert refused(tmp_path, with_member(zipfile.ZipInfo("demo/__init__.py"))) == flaws.MEMBER_TWICE.code


@pytest.mark.parametrize("name", ["demo//evil.py", "demo/./evil.py", "./demo/evil.py", "demo/.", "demo//"])
def test_a_path_is_spelled_in_one_way_so_that_record_speaks_of_this_member(tmp_path: Path, name: str) -> None:
    listed = record({**wheel_members(), "demo/evil.py": "good", "demo": ""}, INFO)
    content = "" if name.endswith("/") else "evil"
    archive = zipped({**wheel_members(), name: content, f"{INFO}/RECORD": listed})
    assert refused(tmp_path, archive) == flaws.MEMBER_SPELLING.code


@pytest.mark.parametrize("folder", [f"{INFO}//", f"{INFO}/./"])
def test_the_files_of_metadata_are_spelled_in_one_way(tmp_path: Path, folder: str) -> None:
    members = {name.replace(f"{INFO}/WHEEL", f"{folder}WHEEL"): value for name, value in wheel_members().items()}
    archive = zipped({**members, f"{INFO}/RECORD": record(wheel_members(), INFO)})
    assert refused(tmp_path, archive) == flaws.MEMBER_SPELLING.code


@pytest.mark.parametrize(
    "name", ["demo/__init__.py.", "demo/__init__.py::$DATA", "demo /__init__.py", "DEMO/__init__.py"]
)
def test_members_that_are_one_file_on_windows_are_refused(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, with_member(zipfile.ZipInfo(name))) == flaws.MEMBER_ALIKE.code


def zip_and_tar() -> bytes:
    """A good wheel, whose first member lies so that the first block is a header of a tar archive too."""
    name = "demo/data"
    start = 30 + len(name)
    block = bytearray(tarfile.TarInfo("x").tobuf(tarfile.USTAR_FORMAT))
    likely = 5726
    for number in range(100_000):
        block[148:156], block[265:271] = b"%06o\0 " % likely, b"%06d" % number
        content = bytes(block[start:])
        local = zipped({name: content}, zipfile.ZIP_STORED)[: tarfile.BLOCKSIZE]
        # The sum of the one stands in the content, and that of the other before it: tried until both are right.
        if sum(local) - sum(local[148:156]) + 8 * 0x20 == likely:
            members = {name: content, **wheel_members()}
            return zipped({**members, f"{INFO}/RECORD": record(members, INFO)}, zipfile.ZIP_STORED)
    raise AssertionError


@pytest.mark.parametrize(
    "name",
    [
        "purelib/demo/__init__.py",
        "platlib/Demo/__init__.py",
        f"purelib/{INFO}/METADATA",
        f"platlib/{INFO}/entry_points.txt",
    ],
)
def test_nothing_is_installed_over_another_member(tmp_path: Path, name: str) -> None:
    archive = zipped_wheel({**wheel_members(), f"demo-1.0.data/{name}": "x"})
    assert refused(tmp_path, archive) == flaws.MEMBER_PLACE.code
    for good in ("demo-1.0.data/purelib/demo/more.py", f"demo-1.0.data/data/{name}"):
        assert read(tmp_path, zipped_wheel({**wheel_members(), good: "x"}))


@pytest.mark.parametrize(
    "name",
    [
        "other-1.0.data/purelib/more.py",
        "Demo-1.0.data/purelib/more.py",
        "more.data/x",
        "more.data",
        "demo-1.0.data/more.py",
        "demo-1.0.data/more/x.py",
        "demo-1.0.data/purelib",
    ],
)
def test_what_installers_put_into_different_places_is_refused(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, zipped_wheel({**wheel_members(), name: "x"})) == flaws.DATA_FOLDER.code


@pytest.mark.parametrize("name", ["demo/more.data/x", "more.DATA", "demo-1.0.data/headers/more.h"])
def test_what_installers_put_into_one_place_is_taken(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, zipped_wheel({**wheel_members(), name: "x"})) == metadata().encode()


def test_two_members_are_not_installed_in_one_place(tmp_path: Path) -> None:
    twice = {f"demo-1.0.data/{kind}/more.py": "x" for kind in ("purelib", "platlib")}
    assert refused(tmp_path, zipped_wheel({**wheel_members(), **twice})) == flaws.MEMBER_PLACE.code


@pytest.mark.parametrize("folder", ["demo-1.0.DIST-INFO", "demo-1.0.dist-info.", "Demo-1.0.Dist-Info"])
def test_there_is_one_folder_of_metadata_where_case_does_not_count_too(tmp_path: Path, folder: str) -> None:
    archive = zipped_wheel({**wheel_members(), f"{folder}/entry_points.txt": "[a]\nb = c\n"})
    assert refused(tmp_path, archive) == flaws.MEMBER_MISSING.code


def test_a_wheel_that_is_a_tar_archive_as_well_is_refused(tmp_path: Path) -> None:
    both = zip_and_tar()
    assert tarfile.TarInfo.frombuf(both[: tarfile.BLOCKSIZE], "utf-8", "strict").name.startswith("PK")
    assert refused(tmp_path, both) == flaws.ARCHIVE.code


def test_folders_may_have_entries_of_their_own(tmp_path: Path) -> None:
    assert read(tmp_path, zipped_wheel({"demo/": "", **wheel_members()})) == metadata().encode()


@pytest.mark.parametrize("mode", [0o120777, 0o060644, 0o010644])
def test_only_files_and_folders_are_members(tmp_path: Path, mode: int) -> None:
    info = zipfile.ZipInfo("demo/link")
    info.external_attr = mode << 16
    assert refused(tmp_path, with_member(info)) == flaws.MEMBER_KIND.code


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_what_every_installer_unpacks_is_taken(tmp_path: Path, method: int) -> None:
    info = zipfile.ZipInfo("demo/data")
    info.compress_type = method
    assert refused(tmp_path, with_member(info)) == flaws.MEMBER_PACKED.code


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    start = GOOD.index(b"PK\x01\x02")
    encrypted = GOOD[: start + 8] + b"\x01\x00" + GOOD[start + 10 :]
    assert refused(tmp_path, encrypted) == flaws.MEMBER_PACKED.code


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"not a zip archive at all",
        GOOD[:-1],
        GOOD[: len(GOOD) // 2],
        GOOD + b"\0",
        b"#!/bin/sh\n" + GOOD,
        GOOD[:-2] + b"\x05\x00hello",
        b"PK\x05\x06" + bytes(18),
    ],
    ids=["empty", "start", "text", "cut", "half", "tail", "head", "comment", "no members"],
)
def test_archives_that_are_none_or_unusual_are_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content) == flaws.ARCHIVE.code


def test_broken_packed_bytes_are_refused(tmp_path: Path) -> None:
    at = GOOD.index(f"{INFO}/METADATA".encode()) + len(f"{INFO}/METADATA")
    assert refused(tmp_path, GOOD[:at] + bytes(20) + GOOD[at + 20 :]) == flaws.ARCHIVE.code


def test_a_directory_of_any_size_is_not_read(tmp_path: Path) -> None:
    end = len(GOOD) - 22
    fields = list(struct.unpack("<4sHHHHIIH", GOOD[end:]))
    fields[5] = zips.DIRECTORY_LIMIT + 1
    assert refused(tmp_path, GOOD[:end] + struct.pack("<4sHHHHIIH", *fields)) == flaws.TOO_MANY_MEMBERS.code


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    zeros = {"demo/zeros": bytes(65 * 1024 * 1024)}
    assert refused(tmp_path, zipped_wheel(wheel_members() | zeros)) == flaws.ARCHIVE_BOMB.code


def test_a_bomb_in_many_members_is_refused(tmp_path: Path) -> None:
    each = {f"demo/zeros{number}": bytes(13 * 1024 * 1024) for number in range(5)}
    assert refused(tmp_path, zipped_wheel(wheel_members() | each)) == flaws.ARCHIVE_BOMB.code


def test_long_entry_points_are_not_read(tmp_path: Path) -> None:
    points = {f"{INFO}/entry_points.txt": "[a]\nb = c\n" * (SIZE_LIMIT // 10 + 1)}
    assert refused(tmp_path, zipped_wheel(wheel_members() | points)) == flaws.MEMBER_LARGE.code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(at=st.integers(0, len(GOOD)), junk=st.binary(min_size=1, max_size=12), length=st.integers(0, 12))
def test_no_bytes_get_anything_but_a_reason(tmp_path: Path, at: int, junk: bytes, length: int) -> None:
    with suppress(Refusal):
        read(tmp_path, GOOD[:at] + junk + GOOD[at + length :])
