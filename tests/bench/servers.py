"""The servers that are measured: Doorward, and the peers that people host today. Each in one process, as new."""

from __future__ import annotations

import base64
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.app import assemble, prepare
from portal.kernel.settings import Settings
from portal.tokens import service as tokens
from tests.support.people import make_person, set_up
from tests.support.serving import Doorward, eventually, free_port
from tests.tokens.made import basic

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / ".venv" / "peers" / "bin"


class Missing(SystemExit):
    """Something that the measurement needs is not installed."""


@dataclass(frozen=True)
class Server:
    """A running server: where packages go, and where they are read."""

    name: str
    port: int
    upload_path: str
    simple_path: str
    authorization: str
    json_path: str = ""
    """Where the JSON API tells of a project, or of a version of it; nothing where there is none."""

    def simple(self, project: str) -> str:
        """The path of a project's simple page."""
        return f"{self.simple_path}{project}/"


@contextmanager
def doorward(folder: Path) -> Iterator[Server]:
    """Doorward as `doorward serve` runs it: with fsync, every check and the history."""
    port = free_port()
    settings = Settings(data=folder / "data", base_url=f"http://localhost:{port}")
    prepare(settings)
    instance = assemble(settings).instance
    person = make_person(instance, authenticator=True)
    with instance.work() as work:
        set_up(work)
        created = tokens.create(work, person.account_id, name="bench", projects=None, expires_at=None)
    instance.database.close()
    running = Doorward(folder, port=port)
    running.start()
    try:
        yield Server("Doorward", port, "/legacy/", "/simple/", basic(created.secret), "/pypi/{}/json")
    finally:
        running.close()


@contextmanager
def pypiserver(folder: Path) -> Iterator[Server]:
    """pypiserver under gunicorn with one worker, which keeps its list of files in memory (watchdog)."""
    (folder / "packages").mkdir()
    port = free_port()
    made = f"pypiserver:app(roots=[{str(folder / 'packages')!r}], password_file='.', authenticate=[])"
    command = [PEERS / "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "error", made]
    with _running(command, folder, port, "/simple/"):
        yield Server("pypiserver", port, "/", "/simple/", basic("", "anybody"))


@contextmanager
def devpi(folder: Path) -> Iterator[Server]:
    """devpi-server with a login token in place of a password, so that it hashes none for each upload."""
    port = free_port()
    subprocess.run([PEERS / "devpi-init", "--serverdir", folder / "devpi"], check=True, capture_output=True)
    command = [PEERS / "devpi-server", "--serverdir", folder / "devpi", "--host", "127.0.0.1", "--port", str(port)]
    with _running(command, folder, port, "/+api"):
        _ask(port, "PUT", "/bench", {"password": "a long walk by the sea"})
        login = _ask(port, "POST", "/+login", {"user": "bench", "password": "a long walk by the sea"})
        pair = base64.b64encode(f"bench:{login['result']['password']}".encode()).decode()
        _ask(port, "PUT", "/bench/dev", {"bases": [], "type": "stage"}, pair)
        yield Server("devpi", port, "/bench/dev/", "/bench/dev/+simple/", f"Basic {pair}")


SERVERS: Sequence[Callable[[Path], contextmanager[Server]]] = (doorward, pypiserver, devpi)  # type: ignore[type-arg]


@contextmanager
def _running(command: Sequence[str | Path], folder: Path, port: int, path: str) -> Iterator[None]:
    if not Path(command[0]).exists():
        raise Missing(f"{command[0]} is missing: run `make bench`, which installs tests/bench/peers.lock.")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log.txt").open("w"))
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        eventually(lambda: _answers(port, path), f"{Path(command[0]).name} to answer")
        yield


def _answers(port: int, path: str) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False


def _ask(port: int, method: str, path: str, body: dict[str, object], pair: str = "") -> dict[str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if pair:
        headers["X-Devpi-Auth"] = pair.removeprefix("Basic ")
    connection.request(method, path, json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status >= 300:
        sys.exit(f"{method} {path}: {answer.status} {text[:300]}")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found
