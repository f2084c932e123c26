"""Nothing is kept in the process: after a kill, people are still signed in and half-done letters leave."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.serving import PATIENCE_SECONDS, Doorward, free_port, surroundings
from tests.support.visitor import Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


@pytest.mark.parametrize("takes_cookies", [True, False])
def test_a_killed_server_keeps_its_sessions(doorward: Doorward, takes_cookies: bool) -> None:
    doorward.start()
    Visitor(doorward).register_first()
    ada = Visitor(doorward, takes_cookies=takes_cookies).sign_in()
    assert ada.heading == "Your account"
    doorward.stop(signal.SIGKILL)
    doorward.start()
    assert ada.open(ada.path).status == 200
    assert ada.heading == "Your account"


def test_a_killed_server_leaves_the_administrator_in_place(doorward: Doorward) -> None:
    doorward.start()
    Visitor(doorward).register_first()
    doorward.stop(signal.SIGKILL)
    doorward.start()
    assert not (doorward.data / "first-administrator-link.txt").exists()
    assert Visitor(doorward).open("/account/register/").status == 200


def test_what_a_running_server_writes_is_for_its_owner_only(doorward: Doorward) -> None:
    doorward.start()
    Visitor(doorward).register_first()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [doorward.data, *doorward.data.rglob("*")]}
    assert any("mail" in path.parts for path in modes)
    assert set(modes.values()) <= {0o700, 0o600}


def test_whoever_asks_while_the_server_starts_is_not_refused(tmp_path: Path) -> None:
    """The sockets are open before anything slow is loaded: who connects then waits for the answer."""
    port = free_port()
    program = f"""
import socket, sys
from portal import cli
from portal.cli import serve

def load(name):
    socket.create_connection(("127.0.0.1", {port}), timeout=30).close()
    sys.exit(" ".join({{"sqlalchemy", "pyramid"}} & set(sys.modules)) or "a connection, and nothing slow before it")

serve.import_module = load
cli.main(["serve", "--data", {str(tmp_path / "data")!r}, "--port", "{port}"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == "a connection, and nothing slow before it"
