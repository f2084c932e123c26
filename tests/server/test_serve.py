"""`doorward serve`: what an operator sees, and how it ends."""

from __future__ import annotations

import signal
import socket
import stat
from pathlib import Path

import pexpect
import pytest

from portal.cli import STARTING
from tests.support.serving import CHEAP_HASHES, DOORWARD, PATIENCE_SECONDS, Doorward, surroundings

LINK_FILE = "first-administrator-link.txt"

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_first_start_says_where_it_is_and_ends_cleanly(doorward: Doorward, how: signal.Signals) -> None:
    doorward.start()
    assert doorward.said[0] == f"{STARTING}\n"
    assert f"Doorward is ready: {doorward.url}/\n" in doorward.said
    assert not any(line.startswith(("It listens", "No letter leaves")) for line in doorward.said)
    assert any(line.endswith(f"letters --data {doorward.data}\n") for line in doorward.said)
    assert doorward.stop(how) == 0
    assert "Traceback" not in doorward.log()


def test_an_index_behind_a_proxy_says_where_it_listens_and_that_its_letters_stay(tmp_path: Path) -> None:
    given = {"DOORWARD_BASE_URL": "https://packages.example.org", "DOORWARD_REGISTRATION": "invite"}
    doorward = Doorward(tmp_path, **CHEAP_HASHES, **given)
    try:
        doorward.start()
        assert "Doorward is ready: https://packages.example.org/\n" in doorward.said
        assert f"It listens on port {doorward.port}.\n" in doorward.said
        assert any(line.startswith("No letter leaves this machine") for line in doorward.said)
        assert any("letters --data" in line for line in doorward.said)
    finally:
        doorward.close()


def test_without_a_terminal_the_link_for_the_first_administrator_is_in_a_file(doorward: Doorward) -> None:
    doorward.start()
    link = doorward.first_link()
    assert link.startswith(f"{doorward.url}/account/first-administrator/")
    assert stat.S_IMODE((doorward.data / LINK_FILE).stat().st_mode) == 0o600
    assert str(doorward.data / LINK_FILE) in doorward.log()
    assert link.rstrip("/").rpartition("/")[2] not in doorward.log() + "".join(doorward.said)


def test_on_a_terminal_the_link_for_the_first_administrator_is_printed_and_not_written(doorward: Doorward) -> None:
    words = ["serve", "--data", str(doorward.data), "--port", str(doorward.port)]
    terminal = pexpect.spawn(
        str(DOORWARD), words, env=surroundings(), encoding="utf-8", timeout=PATIENCE_SECONDS, dimensions=(50, 200)
    )
    try:
        terminal.expect(rf"{doorward.url}/account/first-administrator/\S+/")
        terminal.expect_exact(f"Doorward is ready: {doorward.url}/")
        terminal.sendintr()
        terminal.expect(pexpect.EOF)
        terminal.wait()
    finally:
        terminal.close(force=True)
    assert terminal.exitstatus == 0
    assert not (doorward.data / LINK_FILE).exists()


def test_data_is_for_its_owner_only(doorward: Doorward) -> None:
    doorward.start()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [doorward.data, *doorward.data.rglob("*")]}
    assert modes[doorward.data] == 0o700
    assert modes[doorward.data / "keys" / "keys.json"] == 0o600
    assert set(modes.values()) <= {0o700, 0o600}


def test_a_port_that_is_taken_is_named_with_what_to_do(doorward: Doorward) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", doorward.port))
        other.listen()
        done = doorward.run("serve", "--port", str(doorward.port))
    assert done.returncode == 1
    assert done.stdout == f"{STARTING}\n"
    said = done.stderr.splitlines()[-1]
    assert said.startswith(f"Port {doorward.port} is in use by another program.")
    assert said.endswith(f"--port {doorward.port + 1}")
    assert "Traceback" not in done.stderr


def test_a_start_that_failed_can_be_repeated_and_is_still_the_first(doorward: Doorward) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", doorward.port))
        other.listen()
        doorward.run("serve", "--port", str(doorward.port))
    doorward.start()
    assert doorward.first_link()


def test_a_lost_database_is_told_and_nothing_is_served(doorward: Doorward) -> None:
    doorward.start()
    doorward.stop()
    for path in doorward.data.glob("doorward.sqlite3*"):
        path.unlink()
    done = doorward.run("serve", "--port", str(doorward.port))
    assert done.returncode == 1
    assert "Restore the database from a backup" in done.stderr
