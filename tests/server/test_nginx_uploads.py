"""Uploads behind a real nginx with the settings file that is shipped for them."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.server.test_nginx import House
from tests.server.uploading import beside, head, make_token, status_line, upload
from tests.support.serving import PATIENCE_SECONDS, Doorward
from tests.tokens.made import basic, minted
from tests.uploads.artefacts import wheel

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorward]:
    """An instance that is reached through nginx."""
    house = House(tmp_path_factory.mktemp("house"), DOORWARD_TRUSTED_PROXY="127.0.0.1")
    house.doorward.port = house.nginx.port
    yield house.doorward
    house.close()


def answer(front: Doorward, raw: bytes) -> bytes:
    """The first bytes that nginx answers, with the reason phrase of Doorward."""
    with socket.create_connection(("127.0.0.1", front.port), PATIENCE_SECONDS) as connection:
        connection.sendall(raw)
        return connection.recv(65536)


def test_a_file_is_taken(front: Doorward) -> None:
    instance = beside(front)
    assert upload(front, make_token(instance), wheel()) == (200, "OK")
    instance.database.close()


def test_what_is_too_large_is_refused_by_its_length_in_our_words(front: Doorward) -> None:
    said = answer(front, head(front, length=200 * MEGABYTE, Authorization=basic(minted())))
    assert status_line(said).startswith("HTTP/1.1 413 The upload is larger than this index takes")


def test_an_upload_without_credentials_is_refused_before_its_body_comes(front: Doorward) -> None:
    said = answer(front, head(front, length=50 * MEGABYTE))
    assert status_line(said).startswith("HTTP/1.1 401 This needs an API token.")


def test_a_client_that_sends_its_whole_body_first_reads_our_words_too(front: Doorward) -> None:
    said = answer(front, head(front, length=20 * MEGABYTE) + bytes(20 * MEGABYTE))
    assert status_line(said).startswith("HTTP/1.1 401 This needs an API token.")
