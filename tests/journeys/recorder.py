"""A recording reverse proxy in front of Doorward: what really came over the wire from a browser or a client.

Below `/-/` it answers itself: `/-/control` gives a cookie and holds a script that asks for `/-/ran`. Thus a test can
show that a profile blocks what it claims to block, apart from anything that Doorward does.
"""

from __future__ import annotations

import gzip
import http.client
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTROL = """<!DOCTYPE html><html lang="en"><title>Control</title>
<script>document.write('<img alt="" src="/-/ran">')</script><h1>Control</h1></html>"""
CONTROL_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "control=1; Path=/")]
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Seen:
    """One request."""

    method: str
    path: str
    cookie: str | None
    agent: str


@dataclass(frozen=True)
class Page:
    """One answer in HTML."""

    path: str
    status: int
    html: str


@dataclass
class Recorder:
    """Listens on one port, passes everything on to another and keeps a list of it."""

    listen: int
    upstream: int
    seen: list[Seen] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def __enter__(self) -> Recorder:
        recorder = self

        class Handler(Relay):
            """The handler of this proxy."""

            keeper = recorder

        self.server = ThreadingHTTPServer(("127.0.0.1", self.listen), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def from_browser(self) -> list[Seen]:
        """What a graphical browser sent."""
        return [one for one in self.seen if "Mozilla" in one.agent]


class Relay(BaseHTTPRequestHandler):
    """Passes one request on, byte for byte but for the hop-by-hop headers."""

    protocol_version = "HTTP/1.1"
    keeper: Recorder

    def log_message(self, format: str, *_arguments: object) -> None:
        """Nothing on standard error."""

    def relay(self) -> None:
        """Note the request; answer it or pass it on."""
        headers = self.headers
        self.keeper.seen.append(Seen(self.command, self.path, headers["Cookie"], headers["User-Agent"] or ""))
        body = self.rfile.read(int(headers["Content-Length"] or 0))
        if self.path.startswith("/-/"):
            self.answer(200, "OK", CONTROL_HEADERS, CONTROL.encode())
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.keeper.upstream, timeout=60)
        try:
            passed = {name: value for name, value in headers.items() if name.lower() not in {*HOP_BY_HOP, "expect"}}
            connection.request(self.command, self.path, body or None, passed)
            answer = connection.getresponse()
            content = answer.read()
            if answer.headers.get_content_type() == "text/html" and content:
                plain = gzip.decompress(content) if answer.headers["Content-Encoding"] == "gzip" else content
                self.keeper.pages.append(Page(self.path, answer.status, plain.decode()))
            self.answer(answer.status, answer.reason, answer.getheaders(), content)
        finally:
            connection.close()

    def answer(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send an answer whose length is known."""
        self.send_response_only(status, reason)
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        for name, value in headers:
            if name.lower() not in {*HOP_BY_HOP, "content-length"}:
                self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", lengths[0] if lengths else str(len(body)))
        self.end_headers()
        # A browser that is sent elsewhere meanwhile hangs up.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = relay
