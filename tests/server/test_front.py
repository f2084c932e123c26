"""What is refused by its headers alone is answered at once, and not one byte of its body reaches the disk."""

from __future__ import annotations

import hashlib
import inspect
import socket

import pytest
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from tests.server.uploading import head, status_line
from tests.support.serving import PATIENCE_SECONDS, Doorward
from tests.tokens.made import basic, minted

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

MEGABYTE = 1024 * 1024
BUILT_ON = {
    HTTPRequestParser.parse_header: "c2c093b901782da6",
    HTTPRequestParser.received: "b466c02de37d4a01",
    HTTPRequestParser.close: "a29926ca4e2dd8dd",
    HTTPChannel.received: "08d6df73fb69da84",
    HTTPChannel.handle_write: "6c900f395b306f09",
    HTTPChannel.handle_close: "8f59b9aaa45566bb",
    HTTPChannel.readable: "e4722238ce60c915",
    HTTPChannel.service: "f73afa13748e1128",
}
"""The parts of waitress that portal.app.front overrides or relies on, with the beginning of their SHA-256."""


@pytest.mark.parametrize("part", BUILT_ON, ids=lambda part: part.__qualname__)
def test_waitress_is_as_it_was_when_its_parts_were_built_upon(part: object) -> None:
    source = inspect.getsource(part)  # type: ignore[arg-type]
    assert hashlib.sha256(source.encode()).hexdigest()[:16] == BUILT_ON[part], "read portal/app/front.py again"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "missing"),
        ({"Authorization": "Basic %%%"}, 401, "ill-formed"),
        ({"Authorization": "Digest a=b"}, 401, "ill-formed"),
        ({"Authorization": basic("pypi-x", "ada")}, 403, "user-name"),
        ({"Authorization": basic("pypi-x")}, 403, "not-ours"),
    ],
    ids=["missing", "ill-formed", "unknown scheme", "user name", "no token"],
)
@pytest.mark.parametrize("expect", [{}, {"Expect": "100-continue"}], ids=["", "expecting"])
def test_an_upload_with_no_readable_credentials_is_refused_before_its_body(
    server: Doorward, headers: dict[str, str], status: int, code: str, expect: dict[str, str]
) -> None:
    said = server.say(head(server, length=50 * MEGABYTE, **headers, **expect))
    assert status_line(said).startswith(f"HTTP/1.1 {status} ")
    assert f"/help/uploads/#{code}".encode() in said
    assert (b"\r\nWww-Authenticate: Basic " in said) == (status == 401)
    assert b"100 Continue" not in said


def test_where_passwords_are_taken_what_is_none_is_refused_before_its_body_as_well(doorward: Doorward) -> None:
    doorward.settings["DOORWARD_UPLOAD_POLICY"] = "password-or-token"
    doorward.start()
    refused = [({}, 401), ({"Authorization": "Basic %%%"}, 401), ({"Authorization": basic("pypi-x")}, 403)]
    for headers, status in refused:
        said = doorward.say(head(doorward, length=50 * MEGABYTE, **headers))
        assert status_line(said).startswith(f"HTTP/1.1 {status} ")
    with socket.create_connection(("127.0.0.1", doorward.port), PATIENCE_SECONDS) as connection:
        connection.sendall(head(doorward, Authorization=basic("a password", "ada"), Expect="100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue")


@pytest.mark.parametrize("path", ["/legacy/", "/legacy/?check=1", "/manage/projects/upload/"])
def test_where_nobody_uploads_nothing_of_a_body_comes(doorward: Doorward, path: str) -> None:
    doorward.settings["DOORWARD_UPLOADS"] = "closed"
    doorward.start()
    said = doorward.say(
        head(
            doorward,
            length=50 * MEGABYTE,
            path=path,
            Authorization=basic(minted()),
            Cookie="session=x",
            Expect="100-continue",
        )
    )
    assert status_line(said).startswith("HTTP/1.1 403 ")
    assert b"100 Continue" not in said
    assert b"takes no uploads at present" in said


def test_an_upload_without_a_length_is_refused(server: Doorward) -> None:
    said = server.say(head(server, length=None, Transfer_Encoding="chunked", Authorization=basic(minted())))
    assert status_line(said).startswith("HTTP/1.1 411 The upload does not say how long it is.")


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/account/login/", 2 * MEGABYTE, 413),
        ("/account/login/", None, 411),
        ("/manage/project/demo/upload/", 200 * MEGABYTE, 413),
        ("/fr/manage/projects/upload/", 200 * MEGABYTE, 413),
        ("/xx/manage/projects/upload/", 2 * MEGABYTE, 413),
        ("/manage/projects/upload/", 2 * MEGABYTE, 403),
        ("/manage/project/nope/upload/", 2 * MEGABYTE, 403),
        ("/manage/project/a/b/upload/", 2 * MEGABYTE, 413),
    ],
)
def test_a_form_that_is_too_large_for_its_page_is_refused_with_a_page(
    server: Doorward, path: str, length: int | None, status: int
) -> None:
    chunked = {} if length is not None else {"Transfer_Encoding": "chunked"}
    said = server.say(head(server, length=length, path=path, **chunked))
    assert status_line(said).startswith(f"HTTP/1.1 {status} ")
    assert b"<title>Error: " in said


@pytest.mark.parametrize("said", [{"Cookie": "session=x"}, {}], ids=["cookies", "limited mode"])
def test_somebody_who_may_be_signed_in_may_send_a_file_to_a_page(server: Doorward, said: dict[str, str]) -> None:
    path = "/manage/projects/upload/" + ("" if said else "?limited=1")
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as connection:
        connection.sendall(head(server, length=2 * MEGABYTE, path=path, Expect="100-continue", **said))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue")


@pytest.mark.parametrize(("digits", "status"), [(4000, "413"), (5000, "400")])
@pytest.mark.parametrize("path", ["/legacy/", "/account/login/"])
def test_a_length_of_thousands_of_digits_gets_an_answer_and_no_line_in_the_log(
    server: Doorward, path: str, digits: int, status: str
) -> None:
    before = len(server.log())
    said = f"POST {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {'9' * digits}\r\n\r\n"
    assert status_line(server.say(said.encode())).split()[1] == status
    assert server.log()[before:] == ""


@pytest.mark.parametrize(
    ("line", "host", "status"),
    [
        ("POST http://evil.example/legacy/", "localhost:{port}", "400"),
        ("GET http://evil.example/simple/", "localhost:{port}", "400"),
        ("GET http://[evil/", "localhost:{port}", "400"),
        ("GET http://localhost:{port}/simple/", "evil.example", "200"),
    ],
)
def test_a_whole_url_in_the_first_line_counts_more_than_the_host(
    server: Doorward, line: str, host: str, status: str
) -> None:
    lines = [f"{line} HTTP/1.1", f"Host: {host}", "Content-Length: 0", "Connection: close"]
    lines.append(f"Authorization: {basic(minted())}")
    said = "\r\n".join([*lines, "", ""]).replace("{port}", str(server.port))
    assert status_line(server.say(said.encode())).split()[1] == status


def test_who_may_go_on_is_told_so(server: Doorward) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as connection:
        connection.sendall(head(server, Authorization=basic(minted()), Expect="100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue")


def test_a_client_that_sends_its_whole_body_first_still_reads_the_answer(server: Doorward) -> None:
    # Far more than the buffers of both sides hold: were the connection cut, sending would fail.
    said = server.say(head(server, length=30 * MEGABYTE) + bytes(30 * MEGABYTE))
    assert status_line(said).startswith("HTTP/1.1 401 ")
    assert b"#missing" in said


def test_a_request_hidden_in_a_refused_body_is_never_answered(server: Doorward) -> None:
    hidden = f"GET /healthz HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode()
    said = server.say(head(server, length=len(hidden)) + hidden)
    assert said.count(b"HTTP/1.1 ") == 1
