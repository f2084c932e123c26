"""The sockets of a server: open before anything else, all or none."""

from __future__ import annotations

import socket

import pytest

from portal.kernel.listening import close, open_sockets
from tests.support.serving import free_port

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


def test_whoever_connects_is_taken_at_every_address() -> None:
    opened = open_sockets("127.0.0.1:0 127.0.0.1:0")
    try:
        for one in opened:
            socket.create_connection(one.getsockname()).close()
    finally:
        close(opened)


def test_where_one_address_is_taken_none_stays_open() -> None:
    free = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use"):
            open_sockets(f"127.0.0.1:{free} 127.0.0.1:{other.getsockname()[1]}")
    close(open_sockets(f"127.0.0.1:{free}"))


def test_a_name_that_nobody_knows_is_told_as_one() -> None:
    with pytest.raises(socket.gaierror):
        open_sockets("doorward.invalid:0")
