"""The first visit fits into what a server may send before it hears back: ten segments, about 14 kB (RFC 6928)."""

from __future__ import annotations

import re

import pytest

from tests.support.serving import Doorward

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

LIMIT = 14_000
RESOURCE = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def fetched(server: Doorward, path: str) -> bytes:
    """All bytes of one answer on the wire."""
    head = (f"GET {path} HTTP/1.1", f"Host: localhost:{server.port}", "Accept-Encoding: gzip", "Connection: close")
    return server.say("\r\n".join((*head, "", "")).encode())


@pytest.mark.parametrize("path", ["/account/login/", "/en-XA/account/login/"])
def test_page_style_and_icon_of_the_sign_in_page_are_14000_bytes_at_most(server: Doorward, path: str) -> None:
    page = server.request("GET", path)[2]
    resources = RESOURCE.findall(page)
    sizes = {each: len(fetched(server, each)) for each in (path, *resources)}

    assert len(resources) == 2
    assert all(fetched(server, each).startswith(b"HTTP/1.1 200") for each in sizes)
    assert sum(sizes.values()) <= LIMIT, sizes


def test_nothing_comes_from_elsewhere(server: Doorward) -> None:
    page = server.request("GET", "/account/login/")[2]

    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
