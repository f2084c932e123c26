"""Clients that send slowly, or never come to an end, keep nobody waiting; what one network has here is bounded."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, repeat
from select import select

import pytest

from tests.server.uploading import beside, filenames, head, make_token, status_line, upload
from tests.support.serving import PATIENCE_SECONDS, Doorward, eventually
from tests.tokens.made import basic
from tests.uploads.artefacts import wheel

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

MEGABYTE = 1024 * 1024
MANY = 200
SLOW, QUICK = "203.0.113.7", "198.51.100.9"


@dataclass
class Client:
    """A connection that is sent on byte by byte, without end."""

    connection: socket.socket
    rest: Iterator[int]

    def send_one(self) -> None:
        """One byte more."""
        self.connection.sendall(bytes([next(self.rest)]))


def connected(stack: ExitStack, doorward: Doorward) -> socket.socket:
    """A connection that is closed with the stack."""
    return stack.enter_context(socket.create_connection(("127.0.0.1", doorward.port), PATIENCE_SECONDS))


def trickling(stack: ExitStack, doorward: Doorward, started: bytes) -> list[Client]:
    """Half of them have sent their headers; the others send these slowly as well."""
    made = []
    for number in range(MANY):
        client = Client(connected(stack, doorward), chain(started, repeat(ord("-"))))
        if number % 2:
            client.connection.sendall(started)
            client.rest = repeat(ord("-"))
        client.send_one()
        made.append(client)
    return made


@pytest.fixture
def proxied(doorward: Doorward) -> Doorward:
    """An instance that is told by a proxy which network a request comes from."""
    doorward.settings["DOORWARD_TRUSTED_PROXY"] = "127.0.0.1"
    return doorward.start()


def test_two_hundred_clients_that_send_byte_by_byte_keep_nobody_waiting(proxied: Doorward) -> None:
    instance = beside(proxied)
    token = make_token(instance)
    # Together they announce 18 gigabytes, far more than a network may have here.
    started = head(proxied, length=90 * MEGABYTE, Authorization=basic(token), X_Forwarded_For=SLOW)
    with ExitStack() as stack:
        slow = trickling(stack, proxied, started)
        pool = stack.enter_context(ThreadPoolExecutor(2))
        near = pool.submit(upload, proxied, token, wheel("near"), network=SLOW)
        far = pool.submit(upload, proxied, token, wheel("far"), network=QUICK)
        while not (near.done() and far.done()):
            for client in slow:
                client.send_one()
        assert (near.result(), far.result()) == ((200, "OK"), (200, "OK"))
        # Nobody was refused for it, and nobody cut off.
        assert select([client.connection for client in slow], [], [], 0)[0] == []
    assert filenames(instance) == ["far-1.0-py3-none-any.whl", "near-1.0-py3-none-any.whl"]
    instance.database.close()


def test_two_hundred_clients_that_fall_silent_keep_nobody_waiting(server: Doorward) -> None:
    instance = beside(server)
    token = make_token(instance, "grace")
    with ExitStack() as stack:
        for _number in range(MANY):
            connected(stack, server).sendall(head(server, Authorization=basic(token)) + b"--")
        assert server.request("GET", "/healthz")[0] == 200
        assert server.request("GET", "/account/login/")[0] == 200
        assert upload(server, token, wheel("quick")) == (200, "OK")
    instance.database.close()


@pytest.fixture
def narrow(doorward: Doorward) -> Doorward:
    """An instance on whose disk each network may have five megabytes that are still on their way."""
    doorward.settings |= {
        "DOORWARD_UPLOAD_LIMIT": str(MEGABYTE),
        "DOORWARD_RECEIVING_LIMIT": str(5 * MEGABYTE),
        "DOORWARD_TRUSTED_PROXY": "127.0.0.1",
    }
    return doorward.start()


def announced(doorward: Doorward, token: str, megabytes: float, network: str = SLOW) -> bytes:
    """The head of an upload of this length."""
    length = int(megabytes * MEGABYTE)
    return head(doorward, length=length, Authorization=basic(token), Expect="100-continue", X_Forwarded_For=network)


def goes_on(doorward: Doorward, started: bytes) -> bool:
    """Whether somebody who sends such a head is told to go on."""
    with ExitStack() as stack:
        connection = connected(stack, doorward)
        connection.sendall(started)
        return connection.recv(65536).startswith(b"HTTP/1.1 100 ")


def test_what_one_network_has_here_is_bounded_and_given_back(narrow: Doorward) -> None:
    instance = beside(narrow)
    token = make_token(instance)
    large = announced(narrow, token, 3)
    with ExitStack() as stack:
        first, second = connected(stack, narrow), connected(stack, narrow)
        # What was announced counts for nothing yet: both may begin.
        for connection in (first, second):
            connection.sendall(large)
            assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        first.sendall(bytes(int(2.9 * MEGABYTE)))
        eventually(lambda: not goes_on(narrow, large), "what has come being counted")
        said = narrow.say(large)
        assert status_line(said).startswith("HTTP/1.1 429 More is being uploaded from your network")
        assert goes_on(narrow, announced(narrow, token, 3, QUICK))
        # What fits beside it is taken; what comes and does not fit is refused in its middle.
        assert upload(narrow, token, wheel(), network=SLOW) == (200, "OK")
        second.sendall(bytes(int(2.9 * MEGABYTE)))
        assert status_line(second.recv(65536)).startswith("HTTP/1.1 429 More is being uploaded from your network")
    eventually(lambda: goes_on(narrow, large), "the room of connections that have ended")
    instance.database.close()


def test_forms_of_pages_get_through_while_files_of_the_same_network_fill_the_room(narrow: Doorward) -> None:
    instance = beside(narrow)
    token = make_token(instance)
    large = announced(narrow, token, 3)
    with ExitStack() as stack:
        first = connected(stack, narrow)
        first.sendall(large + bytes(int(2.9 * MEGABYTE)))
        eventually(lambda: not goes_on(narrow, large), "what has come being counted")
        status, _headers, _text = narrow.request("POST", "/account/login/", "username=ada&password=x")
        assert status != 429
    instance.database.close()
