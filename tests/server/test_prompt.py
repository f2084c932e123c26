"""What the door has is answered by the loop that reads the network; all else, and whatever could wait, by threads."""

from __future__ import annotations

import hashlib
import inspect
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import Any

import pytest
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from portal.app.edge import ANSWER
from portal.app.server import THREADS, make_server
from portal.index.views.stored import Answer
from portal.kernel.listening import open_sockets
from portal.kernel.settings import Settings
from tests.support.instances import Bed
from tests.support.serving import PATIENCE_SECONDS

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

BUILT_ON = {
    HTTPChannel.received: "08d6df73fb69da84",
    HTTPChannel.service: "f73afa13748e1128",
    HTTPChannel.write_soon: "20eedb92a8237c47",
    HTTPChannel.handle_write: "6c900f395b306f09",
    TcpWSGIServer.add_task: "19e994eb9cc95a9a",
    WSGITask.get_environment: "3bb57be6c7db4e59",
}
"""The parts of waitress that portal.app.prompt relies on, with the beginning of their SHA-256."""
HUGE = b"x" * (20 * 1024 * 1024)
"""More than waitress keeps waiting for a client before it lets whoever writes wait (its high watermark)."""


@pytest.mark.parametrize("part", BUILT_ON, ids=lambda part: part.__qualname__)
def test_waitress_is_as_it_was_when_its_parts_were_built_upon(part: object) -> None:
    source = inspect.getsource(part)  # type: ignore[arg-type]
    assert hashlib.sha256(source.encode()).hexdigest()[:16] == BUILT_ON[part], "read portal/app/prompt.py again"


class Application:
    """`/door` and `/huge` are known at the door; `/slow` is answered when the test says so; others at once."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.loop = 0

    def prompt(self, environ: dict[str, Any]) -> Answer | None:
        """What is known at the door."""
        self.loop = get_ident()
        return self.known(environ)

    def known(self, environ: dict[str, Any]) -> Answer | None:
        """What lies at this path."""
        body = {"/door": b"door", "/huge": HUGE}.get(environ["PATH_INFO"])
        return None if body is None else Answer("200 OK", {"Content-Length": str(len(body))}, [body])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What was found, or what a thread says."""
        if environ["REQUEST_METHOD"] != "POST" and (found := environ.get(ANSWER) or self.known(environ)):
            start_response(found.status, [*found.headers.items(), ("X-Thread", self.here())])
            return found.body
        if environ["PATH_INFO"] == "/slow":
            self.go_on.wait(PATIENCE_SECONDS)
        start_response("200 OK", [("Content-Length", "4"), ("X-Thread", self.here())])
        return [b"slow"]

    def here(self) -> str:
        """Where this is called."""
        return "loop" if get_ident() == self.loop else "other"


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.stream = self.socket.makefile("rb")

    def ask(self, *paths: str, version: str = "1.1", method: str = "GET", more: str = "") -> None:
        """Send requests in one go."""
        wanted = [f"{method} {path} HTTP/{version}\r\nHost: x\r\n{more}\r\n" for path in paths]
        self.socket.sendall("".join(wanted).encode())

    def answer(self, *, head: bool = False) -> tuple[str, bytes]:
        """By which thread the next answer was given, and its body."""
        headers = {}
        assert self.stream.readline().startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))
        while (line := self.stream.readline().strip().decode()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return headers["x-thread"], b"" if head else self.stream.read(int(headers["content-length"]))

    def close(self) -> None:
        """End it."""
        self.stream.close()
        self.socket.close()


@pytest.fixture
def application() -> Application:
    """What is served."""
    return Application()


@pytest.fixture
def connect(
    application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Client]]:
    """Opens connections to a server of ours."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    opened = open_sockets("127.0.0.1:0")
    server = make_server(application, Settings(data=tmp_path, base_url="http://x"), opened=opened)  # type: ignore[arg-type]
    over, clients = Event(), []

    def serve() -> None:
        # Connections that were closed are closed here as well, with what lay in files for them.
        while not over.is_set() or any(isinstance(each, HTTPChannel) for each in server.map.values()):
            server.asyncore.loop(timeout=0.05, map=server.map, use_poll=True, count=1)

    def connected() -> Client:
        clients.append(Client(server.effective_listen[0][1]))
        return clients[-1]

    loop = Thread(target=serve)
    loop.start()
    yield connected
    application.go_on.set()
    for client in clients:
        client.close()
    over.set()
    loop.join(PATIENCE_SECONDS)
    server.close()


def test_what_the_door_has_is_answered_although_every_thread_is_busy(connect: Callable[[], Client]) -> None:
    for _thread in range(THREADS + 1):
        connect().ask("/slow")
    reader = connect()
    for _request in range(3):
        reader.ask("/door")
        assert reader.answer() == ("loop", b"door")


def test_what_the_door_has_not_is_answered_by_a_thread(connect: Callable[[], Client]) -> None:
    reader = connect()
    reader.ask("/other")
    assert reader.answer() == ("other", b"slow")
    reader.ask("/door", method="POST", more="Content-Length: 0\r\n")
    assert reader.answer() == ("other", b"slow")


def test_a_head_is_answered_at_once_as_well(connect: Callable[[], Client]) -> None:
    reader = connect()
    reader.ask("/door", method="HEAD")
    assert reader.answer(head=True) == ("loop", b"")


def test_requests_sent_together_are_answered_in_their_order(
    application: Application, connect: Callable[[], Client]
) -> None:
    reader = connect()
    reader.ask("/slow", "/door", "/other", "/door")
    application.go_on.set()
    assert [reader.answer()[1] for _answer in range(4)] == [b"slow", b"door", b"slow", b"door"]


def test_whoever_asks_for_much_and_takes_nothing_keeps_nobody_waiting(connect: Callable[[], Client]) -> None:
    lazy = [connect() for _client in range(2)]
    lazy[0].ask(*["/huge"] * 4)
    lazy[1].ask("/huge")
    lazy[1].ask("/huge")
    reader = connect()
    reader.ask("/door")
    assert reader.answer() == ("loop", b"door")
    assert [lazy[0].answer()[1] == HUGE for _answer in range(4)] == [True] * 4
    assert [lazy[1].answer()[1] == HUGE for _answer in range(2)] == [True] * 2


@pytest.mark.parametrize(("version", "more"), [("1.0", ""), ("1.1", "Connection: close\r\n")])
def test_a_connection_that_is_to_end_ends(connect: Callable[[], Client], version: str, more: str) -> None:
    reader = connect()
    reader.ask("/door", version=version, more=more)
    assert reader.answer() == ("loop", b"door")
    assert reader.stream.read() == b""


def test_a_request_that_comes_byte_by_byte_is_answered_once(connect: Callable[[], Client]) -> None:
    reader = connect()
    for byte in b"GET /door HTTP/1.1\r\nHost: x\r\n\r\n":
        reader.socket.sendall(bytes([byte]))
    assert reader.answer() == ("loop", b"door")
    reader.ask("/other")
    assert reader.answer() == ("other", b"slow")


def test_the_loop_never_waits_for_a_database_across_a_network(bed: Bed) -> None:
    is_near = bed.application.instance.database.is_sqlite
    assert (bed.application.wsgi.prompt is not None) == is_near
