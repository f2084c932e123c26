"""Behind a real nginx: whose address counts, and what its log holds."""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from portal.app.redact import redact
from tests.server.nginx import Nginx, ask, shipped
from tests.server.test_logs import HANDLE, PATHS, TICKET
from tests.support.serving import CHEAP_HASHES, Doorward, free_port
from tests.support.visitor import Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "127.0.0.5", "127.0.0.6", "::1"])

CLIENT, OTHER = "127.0.0.5", "127.0.0.6"
FORGED = "203.0.113.9"


class House:
    """Doorward with nginx in front."""

    def __init__(self, folder: Path, **settings: str) -> None:
        port = free_port()
        self.doorward = Doorward(folder, public_port=port, **CHEAP_HASHES, **settings).start()
        self.nginx = Nginx(folder, port=port, upstream=self.doorward.port)

    def close(self) -> None:
        """End both."""
        self.nginx.close()
        self.doorward.close()

    def guess(self, port: int, source: str) -> str:
        """Send a wrong sign-in with forged headers; the address that the record then holds."""
        said = {
            "Host": self.doorward.url.removeprefix("http://"),
            "X_Forwarded_For": FORGED,
            "X_Forwarded_Proto": "https",
            "Forwarded": f"for={FORGED}",
            "X_Real_IP": FORGED,
        }
        _status, _cookie, text = ask(port, "GET", "/account/login/", source=source, **said)
        token = BeautifulSoup(text, "html.parser").select_one("main [name=_token]")
        assert token is not None
        body = urlencode({"_token": token["value"], "username": "nobody", "password": "not the right one"})
        kind = "application/x-www-form-urlencoded"
        status, _cookie, _text = ask(
            port,
            "POST",
            "/account/login/",
            body,
            source=source,
            Content_Type=kind,
            Sec_Fetch_Site="same-origin",
            **said,
        )
        assert status == 422
        with closing(sqlite3.connect(self.doorward.data / "doorward.sqlite3", timeout=10)) as database:
            [address] = database.execute("SELECT address FROM events ORDER BY id DESC LIMIT 1").fetchone()
        return str(address)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Set up as the page for operators says."""
    made = House(tmp_path_factory.mktemp("house"), DOORWARD_TRUSTED_PROXY="127.0.0.1")
    yield made
    made.close()


def test_the_address_of_the_client_counts_whatever_it_claims(house: House) -> None:
    assert house.guess(house.nginx.port, CLIENT) == CLIENT


def test_forged_headers_of_somebody_else_than_the_proxy_are_dropped(house: House) -> None:
    assert house.guess(house.doorward.port, OTHER) == OTHER


def test_without_the_setting_nobody_s_headers_are_read(tmp_path: Path) -> None:
    house = House(tmp_path)
    try:
        assert house.guess(house.nginx.port, CLIENT) == "127.0.0.1"
    finally:
        house.close()


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[House]:
    """One of the test's own, because its logs are read."""
    made = House(tmp_path, DOORWARD_TRUSTED_PROXY="127.0.0.1")
    yield made
    made.doorward.close()


def test_neither_handles_nor_tickets_stand_in_any_log(logged: House) -> None:
    more = [f"//~{HANDLE}/x", f"/fr/~{HANDLE}/", f"/account/not-me/{TICKET}/", f"/account/lift-wait/{TICKET}/?a=b"]
    host = logged.doorward.url.removeprefix("http://")
    for path in PATHS + more:
        ask(logged.nginx.port, "GET", path, source=CLIENT, Host=host, Referer=f"http://{host}/~{HANDLE}/x")
    logged.doorward.stop()
    for path in PATHS:
        status, _cookie, text = ask(logged.nginx.port, "GET", path, source=CLIENT, Host=host)
        assert (status, "does not answer at the moment" in text) == (502, True)
    ask(logged.nginx.port, "GET", "/help/?page=2", source=CLIENT, Host=host)
    logged.nginx.close()
    log = logged.nginx.log()
    assert log.count("/~[handle]") >= 6
    assert log.count("[ticket]") >= 6
    assert '"GET /help/?page=2 HTTP/1.1" 502' in log
    assert HANDLE not in log
    assert TICKET not in log
    assert log == redact(log)


def test_a_session_in_limited_mode_works_behind_it_and_leaves_no_handle(logged: House) -> None:
    ada = Visitor(logged.doorward, takes_cookies=False).register_first()
    logged.doorward.port, direct = logged.nginx.port, logged.doorward.port
    ada.sign_in()
    handle = ada.path.split("/")[1].removeprefix("~")
    assert len(handle) == len(HANDLE)
    assert ada.open(f"/~{handle}/manage/account/history/").status == 200
    logged.doorward.port = direct
    logged.nginx.close()
    assert handle not in logged.nginx.log()
    assert handle not in logged.doorward.log()
    assert "/~[handle]" in logged.nginx.log()


def test_the_plain_port_leads_to_the_same_page_behind_tls(house: House) -> None:
    with socket.socket(socket.AF_UNIX) as plain:
        plain.connect(str(house.nginx.folder / "plain"))
        plain.sendall(b"GET /project/demo/?a=b HTTP/1.0\r\nHost: packages.example.org\r\n\r\n")
        answer = b"".join(iter(lambda: plain.recv(4096), b""))
    assert b"\r\nLocation: https://packages.example.org/project/demo/?a=b\r\n" in answer


def test_the_shipped_site_names_each_place_to_change() -> None:
    site = shipped("doorward.conf")
    heading = " ".join(re.findall(r"^# (.*)$", site, re.MULTILINE))
    assert "in each of five lines" in heading
    assert len(re.findall(r"^ .*packages\.example\.org", site, re.MULTILINE)) == 5
    for name in ("logs.conf", "pages.conf", "uploads.conf"):
        assert (":6543" in shipped(name)) == (name in heading)
