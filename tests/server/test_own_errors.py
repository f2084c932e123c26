"""Errors that the server finds before the application is asked speak with our page, language and headers."""

from __future__ import annotations

import re

import pytest

from tests.support.serving import Doorward

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

HUGE = 200 * 1024 * 1024
HEADER_LIMIT = 256 * 1024
ASKED = {
    400: b"GET / nonsense HTTP/1.1\r\nHost: localhost\r\n\r\n",
    413: b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % HUGE,
    431: b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * HEADER_LIMIT + b"\r\n\r\n",
    501: b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: br\r\n\r\n",
}


def answer(server: Doorward, raw: bytes) -> tuple[int, dict[str, str], str]:
    """Status, headers (names in lower case) and body of what the server says to these bytes."""
    head, _, body = server.say(raw).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body.decode()


@pytest.mark.parametrize("status", ASKED)
def test_the_page_is_ours(server: Doorward, status: int) -> None:
    got, headers, body = answer(server, ASKED[status])
    assert got == status
    assert headers["content-type"] == "text/html; charset=UTF-8"
    assert re.search(r'<html[^>]*\slang="en"\s+dir="ltr"', body)
    assert "<title>Error: " in body
    assert 'href="/help/"' in body


@pytest.mark.parametrize("status", ASKED)
def test_the_headers_are_those_of_every_page(server: Doorward, status: int) -> None:
    _status, page, _body = server.request("GET", "/")
    _got, headers, _body = answer(server, ASKED[status])
    for name in (
        "Content-Security-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
    ):
        assert headers[name.lower()] == page[name]
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_an_upload_that_is_too_large_is_refused_by_its_length_alone_in_words_for_upload_tools(server: Doorward) -> None:
    head = f"POST /legacy/ HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {HUGE}\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    got, headers, body = answer(server, (head + kind).encode())
    assert got == 413
    assert headers["content-type"].startswith("text/plain")
    assert body.strip()


def test_a_client_that_asks_before_it_sends_a_body_that_is_too_large_is_told_no_at_once(server: Doorward) -> None:
    head = f"POST /legacy/ HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {HUGE}\r\n"
    got, _headers, _body = answer(server, f"{head}Expect: 100-continue\r\n\r\n".encode())
    assert got == 413


def test_nothing_of_a_broken_request_is_repeated(server: Doorward) -> None:
    _status, _headers, body = answer(server, b"GET /<b>here</b> nonsense HTTP/1.1\r\n\r\n")
    assert "here" not in body
