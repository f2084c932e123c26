"""A throw-away PostgreSQL server: unix socket only, so that any number of workers run side by side."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

USER = "doorward"
START_SECONDS = 30
# What is written need not survive a power cut here; races between connections are unaffected.
CARELESS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "shared_buffers=32MB",
    "max_connections=300",
)


def program(name: str) -> str:
    """The path of one of PostgreSQL's server programs; the test run fails with a sentence where it is missing."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = shutil.which(name) or (str(installed[-1]) if installed else None)
    if found is None:
        pytest.fail(f"PostgreSQL's {name} is missing. On Debian: apt-get install postgresql", pytrace=False)
    return os.path.realpath(found)


class Cluster:
    """One PostgreSQL server with its data in a temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="doorward-pg-"))
        # PostgreSQL refuses to run as root.
        self.identity = _unprivileged() if os.geteuid() == 0 else {}
        if self.identity:
            os.chown(self.folder, self.identity["user"], self.identity["group"])
        self._initialise()
        self.server = self._start()
        self._wait()

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection that commits each statement by itself."""
        return psycopg.connect(host=str(self.folder), user=USER, dbname=database, autocommit=True)

    def stop(self) -> None:
        """End the server at once and remove its data."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait(START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        options = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run([program("initdb"), "--pgdata", str(self.folder / "data"), *options])

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._surroundings())
        assert done.returncode == 0, done.stderr

    def _start(self) -> subprocess.Popen[bytes]:
        options = [part for setting in CARELESS for part in ("-c", setting)]
        command = [program("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, **quiet, **self._surroundings())

    def _surroundings(self) -> dict[str, Any]:
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        return {"cwd": self.folder, "env": env, **self.identity}

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > end or self.server.poll() is not None:
                    raise
                time.sleep(0.02)


def _unprivileged() -> dict[str, Any]:
    try:
        who = pwd.getpwnam("postgres")
    except KeyError:
        who = pwd.getpwnam("nobody")
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
