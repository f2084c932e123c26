"""An upload whose client goes away: the server keeps nothing of it and goes on."""

from __future__ import annotations

import socket

import pytest

from tests.server.uploading import beside, filenames, make_token, stored, upload
from tests.support.serving import Doorward
from tests.tokens.made import basic
from tests.uploads.artefacts import CONTENT_TYPE, body, wheel

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_nothing_is_kept_of_half_an_upload(server: Doorward, share: float) -> None:
    instance = beside(server)
    token = make_token(instance, f"person{int(share * 100)}")
    artefact = wheel(f"cut{int(share * 100)}")
    raw = body(artefact)
    head = (
        f"POST /legacy/ HTTP/1.1\r\nHost: localhost:{server.port}\r\nAuthorization: {basic(token)}\r\n"
        f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + raw[: int(len(raw) * share)])
    assert not any(name.startswith(artefact.filename) for name in stored(server.data))
    assert artefact.filename not in filenames(instance)
    assert upload(server, token, artefact) == (200, "OK")
    assert not any(name.endswith(".part") for name in stored(server.data))
    instance.database.close()
