"""Neither a limited-mode handle nor the ticket of a letter stands in any line that the process writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.support.serving import Doorward, eventually
from tests.support.visitor import Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

HANDLE = "abcdefghijklmnopqrstuvwxyz"
TICKET = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"
PATHS = [
    f"/~{HANDLE}/",
    f"/%7E{HANDLE}/manage/account/",
    f"/~{HANDLE}/en-XA/manage/account/tokens/",
    f"/account/verify-email/{TICKET}/",
    f"/account/first-administrator/{TICKET}/",
    f"/en-XA/account/verify-email/{TICKET}/",
]


def break_database(server: Doorward, *tables: str) -> None:
    """Let every view that reads these tables raise."""
    with closing(sqlite3.connect(server.data / "doorward.sqlite3", timeout=10)) as connection:
        for table in tables:
            connection.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_away"')
        connection.commit()


def assert_silent(log: str, *secrets: str) -> None:
    assert [line for line in log.splitlines() if any(secret in line for secret in secrets)] == []


@pytest.mark.parametrize("path", PATHS)
def test_a_client_that_hangs_up_leaves_a_line_without_the_secret(server: Doorward, path: str) -> None:
    before = len(server.log())

    def noticed() -> bool:
        server.hang_up(path)
        return "Client disconnected" in server.log()[before:]

    eventually(noticed, "a log line about a client that hung up")
    written = server.log()[before:]
    assert "[handle]" in written or "[ticket]" in written
    assert_silent(written, HANDLE, TICKET)


def test_a_view_that_raises_leaves_a_traceback_without_the_handle(doorward: Doorward) -> None:
    doorward.start()
    ada = Visitor(doorward, takes_cookies=False).register_first().sign_in()
    handle = ada.path.split("/")[1].removeprefix("~")
    assert len(handle) == len(HANDLE)
    break_database(doorward, "events", "sessions")
    for path in (ada.path, f"/~{handle}/manage/account/history/"):
        assert ada.open(path).status == 500
    log = doorward.log()
    assert log.count(": OperationalError") >= 2
    assert_silent(log, handle)


def test_a_view_that_raises_leaves_a_traceback_without_the_ticket(doorward: Doorward) -> None:
    doorward.start()
    break_database(doorward, "tickets", "setup")
    for path in PATHS[3:]:
        assert Visitor(doorward).open(path).status == 500
    assert doorward.log().count(": OperationalError") >= 3
    assert_silent(doorward.log(), TICKET)


def test_an_ill_formed_request_line_leaves_no_line_with_the_secret(server: Doorward) -> None:
    before = len(server.log())
    for path in PATHS:
        server.say(f"GET {path} with spaces HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        server.say(f"GET {path}\xff HTTP/9.9\r\n\r\n".encode("latin-1"))
    assert_silent(server.log()[before:], HANDLE, TICKET)


def test_a_letter_is_logged_by_recipient_and_subject_and_never_with_its_link(doorward: Doorward) -> None:
    doorward.start()
    first = doorward.first_link().rstrip("/").rpartition("/")[2]
    Visitor(doorward).register_first()
    letter = doorward.letter("ada@example.org", "")
    log = doorward.log()
    (line,) = [line for line in log.splitlines() if letter["Subject"] in line]
    assert "ada@example.org" in line
    ticket = letter.get_content().split("/verify-email/")[1].split("/")[0]
    assert_silent(log, ticket, first)
