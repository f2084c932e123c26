"""The file store on a disk."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.kernel.errors import NotFound
from portal.projects.store import DiskStore


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    """An empty store."""
    return DiskStore(tmp_path / "files")


def put(store: DiskStore, key: str, content: bytes = b"content") -> None:
    """Store some bytes."""
    source = store.root.parent / "received.part"
    source.write_bytes(content)
    store.put({key: source})
    assert not source.exists()


def test_what_was_put_is_read_back_and_can_be_sought(store: DiskStore) -> None:
    put(store, "ab/abc/demo.whl", b"0123456789")
    with store.open("ab/abc/demo.whl") as file:
        file.seek(4)
        assert file.read() == b"456789"


@pytest.mark.parametrize(
    "key",
    ["ab/abc/none.whl", "ab", "ab/abc/demo.whl/x", "../received.part", "/etc/passwd", "ab//x", "ab/./x", "a\x00b", ""],
)
def test_there_is_nothing_else(store: DiskStore, key: str) -> None:
    put(store, "ab/abc/demo.whl")
    with pytest.raises(NotFound):
        store.open(key)


def test_every_stored_file_is_told_with_its_time(store: DiskStore) -> None:
    put(store, "ab/abc/demo.whl")
    put(store, "ab/abc/demo.whl.metadata")
    os.utime(store.root / "ab/abc/demo.whl", (1_780_315_200, 1_780_315_200))
    found = {each.key: each.since for each in store.stored()}
    assert found.keys() == {"ab/abc/demo.whl", "ab/abc/demo.whl.metadata"}
    assert found["ab/abc/demo.whl"] == datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_removing_leaves_other_files_and_no_empty_folder(store: DiskStore) -> None:
    put(store, "ab/abc/demo.whl")
    put(store, "ab/abc/demo.whl.metadata")
    store.remove("ab/abc/demo.whl")
    assert [each.key for each in store.stored()] == ["ab/abc/demo.whl.metadata"]
    store.remove("ab/abc/demo.whl.metadata")
    store.remove("ab/abc/demo.whl.metadata")
    assert not (store.root / "ab/abc").exists()


def test_folders_are_for_the_owner_of_the_process_alone(store: DiskStore) -> None:
    put(store, "ab/abc/demo.whl")
    assert {path.stat().st_mode & 0o777 for path in (store.root, store.root / "ab", store.root / "ab/abc")} == {0o700}
