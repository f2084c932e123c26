"""The sweep: what nobody needs goes, what an upload or a row needs stays."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import pytest

from portal.kernel.sweeps import Sweeps
from portal.kernel.work import Instance
from portal.projects.store import DiskStore, FileStore
from portal.uploads.receive import incoming, spool
from portal.uploads.sweep import INCOMING_LIFE, STORED_LIFE, sweep
from tests.uploads.artefacts import body, sdist, wheel
from tests.uploads.conftest import Uploader

AFTER = STORED_LIFE + timedelta(seconds=1)


def grow_old(instance: Instance, by: timedelta = AFTER) -> None:
    """Let every file have been written so long ago."""
    then = (instance.clock.now() - by).timestamp()
    for path in instance.settings.data.rglob("*"):
        os.utime(path, (then, then))


def test_files_that_rows_name_stay(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    assert uploader.send(sdist()).new
    before = sorted(uploader.stored())
    grow_old(uploader.instance)
    sweep(uploader.instance)
    assert len(before) == 3
    assert sorted(uploader.stored()) == before


class PowerCut(BaseException):
    """The end of the process at one point."""


@pytest.mark.parametrize("after", [1, 2], ids=["one renamed", "both renamed"])
def test_what_lies_in_the_store_when_the_process_dies_before_its_commit_is_removed(
    uploader: Uploader, after: int
) -> None:
    store = uploader.instance.ports[FileStore]

    class Dying(DiskStore):
        """A store whose process dies behind the rename of some file."""

        def put(self, sources: Mapping[str, Path]) -> None:
            super().put(dict(islice(sources.items(), after)))
            raise PowerCut

    with patch.dict(uploader.instance.ports, {FileStore: Dying(store.root)}), pytest.raises(PowerCut):
        uploader.send(wheel())
    assert len(uploader.stored()) == after
    assert uploader.filenames() == []
    sweep(uploader.instance)
    assert len(uploader.stored()) == after
    grow_old(uploader.instance)
    sweep(uploader.instance)
    assert uploader.stored() == []
    assert uploader.send(wheel()).new


@pytest.mark.parametrize("at", [0, 60, 700, 1500])
def test_an_upload_cut_off_half_way_leaves_no_row_and_no_file(uploader: Uploader, at: int) -> None:
    raw = body(wheel())
    assert uploader.send_body(raw[:at], length=len(raw)).status == 400
    assert (uploader.filenames(), uploader.projects(), uploader.stored()) == ([], [], [])


def test_temporary_files_of_the_dead_are_removed(ready: Instance) -> None:
    with ready.work() as work:
        folder = incoming(work)
        folder.mkdir(parents=True)
        (folder / "dead.part").write_bytes(b"half a file")
    sweep(ready)
    assert (folder / "dead.part").exists()
    grow_old(ready, INCOMING_LIFE + timedelta(seconds=1))
    sweep(ready)
    assert not (folder / "dead.part").exists()


def test_a_running_upload_keeps_its_files_however_long_it_takes(ready: Instance) -> None:
    store = ready.ports[FileStore]
    with ready.work() as work, spool(work) as received, spool(work) as stored:
        store.put({"ab/abc/demo.whl": stored.path})
        grow_old(ready)
        sweep(ready)
        assert received.path.exists()
        assert store.open("ab/abc/demo.whl").close() is None
    sweep(ready)
    assert not (store.root / "ab/abc").exists()


def test_a_reader_does_not_keep_a_stray_file(ready: Instance) -> None:
    store = ready.ports[FileStore]
    with ready.work() as work, spool(work) as stored:
        store.put({"ab/abc/demo.whl": stored.path})
    grow_old(ready)
    with store.open("ab/abc/demo.whl"):
        sweep(ready)
    assert not (store.root / "ab/abc").exists()


def test_files_that_go_away_by_themselves_do_not_stop_the_sweep(ready: Instance) -> None:
    ready.ports[FileStore].remove("ab/abc/gone.whl")
    sweep(ready)


def test_the_worker_knows_the_sweep(ready: Instance) -> None:
    assert sweep in [each.job for each in ready.ports[Sweeps]]


def test_the_lock_that_holds_a_file_follows_it_through_its_renaming(ready: Instance) -> None:
    store = ready.ports[FileStore]
    with ready.work() as work, spool(work) as stored:
        store.put({"ab/abc/demo.whl": stored.path})
        with store.open("ab/abc/demo.whl") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
