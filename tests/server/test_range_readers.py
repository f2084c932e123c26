"""Readers who stop reading hold no thread: as many as there are threads, and as many again, and the next is served."""

from __future__ import annotations

import hashlib
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from portal.app import assemble
from portal.app.server import THREADS
from portal.kernel.settings import Settings
from tests.index.shelf import add_file
from tests.support.serving import PATIENCE_SECONDS, Doorward

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

SIZE = 64 * 1024 * 1024
CONTENT = random.Random(1).randbytes(1024 * 1024) * (SIZE // 1024 // 1024)


class Reader:
    """Somebody who asks for a file, reads the headers of the answer, and then nothing more."""

    def __init__(self, doorward: Doorward, path: str, *headers: str) -> None:
        self.connection = socket.socket()
        self.connection.settimeout(PATIENCE_SECONDS)
        self.connection.connect(("127.0.0.1", doorward.port))
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{doorward.port}", "Connection: close", *headers]
        self.connection.sendall("\r\n".join([*lines, "", ""]).encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.connection.recv(1024)
        head, _, self.body = received.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])

    def rest(self) -> bytes:
        """Read on to the end."""
        while part := self.connection.recv(1024 * 1024):
            self.body += part
        return self.body


@pytest.fixture(scope="module")
def path(server: Doorward, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a file of 64 MB on the running instance."""
    instance = assemble(Settings(data=Path(server.data), base_url=server.url)).instance
    file = add_file(instance, content=CONTENT, metadata=b"Metadata-Version: 2.1")
    yield f"/files/{file.path}"
    instance.database.close()


@pytest.mark.parametrize("headers", [("Range: bytes=1-",), ()], ids=["of a part", "of the whole"])
def test_stalled_readers_keep_nobody_waiting(server: Doorward, path: str, headers: tuple[str, ...]) -> None:
    with ExitStack() as stack:
        readers = [Reader(server, path, *headers) for _reader in range(2 * THREADS)]
        for reader in readers:
            stack.callback(reader.connection.close)
        assert {reader.status for reader in readers} == {206 if headers else 200}
        assert server.request("GET", "/healthz")[0] == 200
        status, _headers, text = server.request("GET", f"{path}.metadata", Range="bytes=0-7")
        assert (status, text) == (206, "Metadata")
        # All of them are stalled still: what each has read is the little that came with the headers.
        assert all(len(reader.body) < 1024 for reader in readers)
        expected = CONTENT[1:] if headers else CONTENT
        assert hashlib.sha256(readers[-1].rest()).digest() == hashlib.sha256(expected).digest()
