"""The settings file is one that Pyramid's own tools read."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.cli.configuration import open_configuration
from tests.support.serving import DOORWARD, PATIENCE_SECONDS, Doorward, eventually, surroundings

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

COMPILING_SECONDS = 180
"""It compiles every page before it listens, which takes long on a busy machine."""
HANDLE = "abcdefghijklmnopqrstuvwxyz"
LOGGING = """
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = INFO
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = chosen by the operator: %(message)s
"""


def tool(name: str) -> Path:
    return Path(sys.executable).with_name(name)


@pytest.fixture
def served(doorward: Doorward) -> Iterator[Doorward]:
    """An instance run by `pserve` with the settings file that `doorward serve` makes."""
    open_configuration(doorward.data, port=doorward.port)
    path = doorward.data / "doorward.ini"
    path.write_text(path.read_text() + LOGGING)
    with doorward.log_path.open("a") as log:
        process = subprocess.Popen([tool("pserve"), str(path)], env=surroundings(), stdout=log, stderr=log)
    try:
        end = time.monotonic() + COMPILING_SECONDS
        while not answers(doorward):
            assert process.poll() is None, doorward.log()
            assert time.monotonic() < end, doorward.log()
            time.sleep(0.02)
        yield doorward
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def answers(doorward: Doorward) -> bool:
    try:
        return doorward.request("GET", "/healthz")[0] == 200
    except OSError:
        return False


def test_pserve_serves_with_our_own_error_pages(served: Doorward) -> None:
    said = served.say(b"GET / nonsense HTTP/1.1\r\n\r\n")
    assert said.startswith(b"HTTP/1.0 400 ")
    assert b"Content-Security-Policy: " in said


def test_lines_in_a_form_that_the_operator_chose_hold_no_handle(served: Doorward) -> None:
    def noticed() -> bool:
        served.hang_up(f"/~{HANDLE}/")
        return "Client disconnected" in served.log()

    eventually(noticed, "a log line about a client that hung up")
    assert "chosen by the operator: Client disconnected while serving /~[handle]/" in served.log()
    assert HANDLE not in served.log()


def test_proutes_lists_the_routes(doorward: Doorward) -> None:
    subprocess.run([DOORWARD, "migrate", "--data", doorward.data], env=surroundings(), check=True, capture_output=True)
    command = [tool("proutes"), str(doorward.data / "doorward.ini")]
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "signin.login" in done.stdout
