"""Refusing a request by its headers, before its body is received.

waitress writes every body to the disk before the application is asked; here its parser asks first (RFC 9110 §10.1.1).
What still comes is thrown away until the client has read the answer: if the connection closes, most show none.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

from portal.app.room import Arriving, Refused

LINGER_SECONDS = 60


class Parser(HTTPRequestParser):
    """Reads one request, and asks about it as soon as its headers are there."""

    error: Any

    def __init__(self, adj: Any, channel: Any) -> None:
        super().__init__(adj)
        self.channel, self.asked = channel, False
        self.body = Arriving(channel.server.front, channel.addr[0])

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head. Raises ParsingError (400), also for what Python refuses to read."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            # A length of thousands of digits, or an address with a bracket in it.
            self.headers.pop("CONTENT_LENGTH", None)
            raise ParsingError("the head can't be read") from error
        if self.proxy_netloc:
            # A whole URL in the first line counts more than the header (RFC 9112 §3.2.2).
            self.headers["HOST"] = self.proxy_netloc

    def received(self, data: bytes) -> int:
        """Take more bytes; how many of them belong to this request."""
        consumed: int = super().received(data)
        first = self.headers_finished and not self.asked and not self.empty
        self.asked = self.asked or first
        code = None if self.error else self.body.begin(self) if first else self.body.grow(self.body_bytes_received)
        if code:
            self.error, self.completed = Refused(code), True
        if self.error:
            self.expect_continue = False
            if (first or code) and (self.chunked or self.content_length):
                self.channel.refused_at, consumed = time.monotonic(), len(data)
        return consumed

    def close(self) -> None:
        """Drop the body."""
        super().close()
        self.body.drop()


class Receiving(HTTPChannel):
    """A connection that is not cut off while a refused body is still on its way."""

    will_close: bool
    close_when_flushed: bool
    refused_at: float | None = None
    thrown_away = 0

    def parser_class(self, adj: Any) -> Parser:
        """The reader of the next request."""
        return Parser(adj, self)

    def received(self, data: bytes) -> bool:
        """Take bytes from the network."""
        if self.refused_at is None:
            return bool(super().received(data))
        self.thrown_away += len(data)
        late = time.monotonic() - self.refused_at > LINGER_SECONDS
        self.will_close = self.will_close or late or self.thrown_away > self.adj.max_request_body_size
        return False

    def handle_write(self) -> None:
        """Send what is waiting; behind a refusal, close only the half of the connection that we write to."""
        if self.refused_at is None or not self.close_when_flushed or self.will_close:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.will_close and not self.total_outbufs_len:
            self.close_when_flushed = False
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)

    def handle_close(self) -> None:
        """Close, and drop what was received of a request that never came to its end."""
        if self.request is not None:
            self.request.close()
        super().handle_close()
