"""What a client sends is kept below the data directory only."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.server.test_front import head
from tests.support.serving import Doorward, eventually
from tests.tokens.made import basic, minted

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

SENT = 2 * 1024 * 1024


def open_files(pid: int) -> list[str]:
    """What the process's file descriptors stand for; deleted files end in `(deleted)`."""
    return [os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]


def test_a_body_on_its_way_is_spooled_below_the_data_directory(server: Doorward) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head(server, length=SENT * 2, Authorization=basic(minted())) + b"x" * SENT)
        spooled = eventually(
            lambda: [path for path in open_files(server.process.pid) if "(deleted)" in path], "a spooled body"
        )
    assert all(path.startswith(str(server.data)) for path in spooled), spooled
