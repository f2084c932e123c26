"""Looking into wheels: what must be inside, and archives that readers could understand differently."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from portal.uploads import flaws, zips
from portal.uploads.declared import WHEEL, Declared
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
        ".",
        "./",
        "//x",
    ],
)
def test_members_stay_inside(tmp_path: Path, name: str) -> None:
    member = {name: "" if name.endswith("/") else "x"}
    assert refused(tmp_path, zipped(wheel_members() | member)) == flaws.MEMBER_PATH.code


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["demo/__init__.py", "demo/./__init__.py", "demo//__init__.py"])
def test_no_member_is_there_twice(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, with_member(zipfile.ZipInfo(name))) == flaws.MEMBER_TWICE.code


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(at=st.integers(0, len(GOOD)), junk=st.binary(min_size=1, max_size=12), length=st.integers(0, 12))
def test_no_bytes_get_anything_but_a_reason(tmp_path: Path, at: int, junk: bytes, length: int) -> None:
    with suppress(Refusal):
        read(tmp_path, GOOD[:at] + junk + GOOD[at + length :])
