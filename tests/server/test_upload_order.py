"""In which order an upload reaches the disk, and what a power cut between two steps leaves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.kernel.work import Instance
from portal.projects.store import DiskStore, FileStore
from portal.uploads.sweep import STORED_LIFE, sweep
from tests.server.uploading import beside, filenames, make_token, stored, upload
from tests.support.serving import PATIENCE_SECONDS, Doorward
from tests.uploads.artefacts import wheel

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

CALLS = "trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2"
NAME = "demo-1.0-py3-none-any.whl"


@contextmanager
def tracing(pid: int, log: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """strace on all threads of a process, from the moment it is attached."""
    strace = shutil.which("strace")
    assert strace is not None
    command = [strace, "-f", "-y", "-s", "40", "-e", CALLS, *options, "-o", str(log), "-p", str(pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said = tracer.stderr.readline()
    assert "attached" in said, said
    try:
        yield tracer
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=PATIENCE_SECONDS)


def steps(log: Path, data: Path) -> list[str]:
    """What was done with the files of one upload and with the database, in order, each step once."""
    kinds = [
        ("write file", rf"^p?write(64)?\(\d+<{data}/incoming/\w+\.part"),
        ("fsync file", rf"^fsync\(\d+<{data}/incoming/\w+\.part"),
        ("rename metadata", rf'^rename\w*\("{data}/incoming/\w+\.part", "{data}/files/[^"]+\.metadata"'),
        ("rename file", rf'^rename\w*\("{data}/incoming/\w+\.part", "{data}/files/[^"]+\.whl"'),
        ("fsync folder", rf"^fsync\(\d+<{data}/files/../\w{{32}}>\)"),
        ("write row", rf"^p?write(64)?\(\d+<{data}/doorward.sqlite3-wal"),
        ("fsync database", rf"^f(data)?sync\(\d+<{data}/doorward.sqlite3-wal"),
    ]
    found: list[str] = []
    for line in log.read_text().splitlines():
        # With -f, each line begins with the number of its thread; a call may be cut in two by another thread's.
        call = re.sub(r"^\d+ +", "", line)
        for name, pattern in kinds:
            if re.search(pattern, call) and found[-1:] != [name]:
                found.append(name)
    return found


@pytest.fixture
def settled(doorward: Doorward) -> Iterator[tuple[Doorward, Instance, str]]:
    """A server without background work, with a token; its first upload is done: it warms up, and makes the project."""
    doorward.settings["DOORWARD_RUN_WORKER"] = "false"
    doorward.start()
    instance = beside(doorward)
    instance.ports[FileStore] = DiskStore(doorward.data / "files")
    token = make_token(instance)
    assert upload(doorward, token, wheel("demo", "0.9")) == (200, "OK")
    yield doorward, instance, token
    instance.database.close()


def test_a_file_is_written_out_and_named_before_a_row_names_it(
    settled: tuple[Doorward, Instance, str], tmp_path: Path
) -> None:
    doorward, instance, token = settled
    log = tmp_path / "strace.txt"
    with tracing(doorward.process.pid, log):
        assert upload(doorward, token, wheel()) == (200, "OK")
    assert steps(log, doorward.data) == [
        "write file",
        "fsync file",
        "rename file",
        "fsync file",
        "rename metadata",
        "fsync folder",
        "write row",
        "fsync database",
    ]
    assert filenames(instance) == ["demo-0.9-py3-none-any.whl", NAME]


def test_kill_9_between_rename_and_commit_leaves_a_file_for_the_sweep_and_no_row(
    settled: tuple[Doorward, Instance, str], tmp_path: Path
) -> None:
    doorward, instance, token = settled
    log = tmp_path / "strace.txt"
    # Only the database is written with this call: the process dies as it begins to write the row.
    kill = ("-e", "inject=pwrite64:signal=KILL:when=1")
    with tracing(doorward.process.pid, log, *kill) as tracer:
        with pytest.raises(OSError, match=r"closed|reset"):
            upload(doorward, token, wheel())
        # In this order: to detach from a process that is just dying, strace waits for ever.
        tracer.wait(PATIENCE_SECONDS)
        doorward.process.wait(PATIENCE_SECONDS)
    assert steps(log, doorward.data)[-3:] == ["rename metadata", "fsync folder", "write row"]
    doorward.close()
    names = [NAME, f"{NAME}.metadata"]
    assert [name for name in stored(doorward.data) if name.startswith("demo-1.0")] == names
    assert filenames(instance) == ["demo-0.9-py3-none-any.whl"]
    then = (instance.clock.now() - STORED_LIFE * 2).timestamp()
    for path in (doorward.data / "files").rglob("*"):
        os.utime(path, (then, then))
    sweep(instance)
    assert [name for name in stored(doorward.data) if name.startswith("demo-1.0")] == []
    doorward.start()
    assert upload(doorward, token, wheel()) == (200, "OK")
