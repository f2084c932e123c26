"""A real `doorward serve` process on a free port, with a data directory of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

DOORWARD = Path(sys.executable).with_name("doorward")
PATIENCE_SECONDS = 30
LINK = re.compile(r"^https?://\S+$", re.MULTILINE)
CHEAP_HASHES = {"DOORWARD_ARGON2_MEMORY_KIB": "64", "DOORWARD_ARGON2_ROUNDS": "1"}

Found = TypeVar("Found")


def free_port() -> int:
    """A TCP port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    """What `look` finds at last in something that another process makes."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.02)


def surroundings(**settings: str) -> dict[str, str]:
    """The environment of a command: ours without settings of Doorward, and those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOORWARD_", "PYTHON"))}
    return kept | settings


class Doorward:
    """One instance. Its process can be stopped, killed and started again; port and data stay."""

    program: tuple[str | Path, ...] = (DOORWARD,)

    def __init__(
        self, folder: Path, *, port: int | None = None, public_port: int | None = None, **settings: str
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = port or free_port()
        self.url = f"http://localhost:{public_port or self.port}"
        self.settings = {"DOORWARD_BASE_URL": self.url, **settings} if public_port else settings
        self.log_path = folder / "log.txt"
        self.said: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> Doorward:
        """Start the process and return once it listens."""
        command = [*self.program, "serve", "--data", str(self.data), "--port", str(self.port), *arguments]
        with self.log_path.open("a") as log:
            env = surroundings(**self.settings)
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if "Ctrl+C" in line:
                return self
        raise AssertionError("".join(self.said) + self.log())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the process; its exit status."""
        self.process.send_signal(how)
        status = self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        self.process = None
        return status

    def close(self) -> None:
        """End the process if it runs."""
        if self.process is not None:
            self.stop(signal.SIGKILL)

    def log(self) -> str:
        """What the process has written to its log so far."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another subcommand on the same data directory."""
        words = [*self.program, command, "--data", str(self.data), *arguments]
        env = surroundings(**self.settings)
        return subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def first_link(self) -> str:
        """The link for the first administrator."""
        return (self.data / "first-administrator-link.txt").read_text().strip()

    def letters(self) -> list[EmailMessage]:
        """All letters so far, oldest first."""
        paths = sorted((self.data / "mail" / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes()) for path in paths]

    def letter(self, to: str, words: str) -> EmailMessage:
        """The newest letter to somebody with these words in its subject, once it has arrived."""

        def look() -> EmailMessage | None:
            fitting = [each for each in self.letters() if each["To"] == to and words in each["Subject"]]
            return fitting[-1] if fitting else None

        return eventually(look, f"a letter to {to} about {words!r}")

    def request(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of one answer; redirects are not followed."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body or None, {"Host": urlsplit(self.url).netloc, **headers})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def say(self, raw: bytes) -> bytes:
        """What the server answers to raw bytes, until it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as connection:
            connection.sendall(raw)
            received = b""
            # A reset follows where the server closes before it has read everything.
            with suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    received += part
            return received

    def hang_up(self, path: str) -> None:
        """Ask for a page behind a quick answer, and be gone when that has come: the page is then being made."""
        host = f"Host: {urlsplit(self.url).netloc}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            # Closing then sends a reset instead of an orderly end.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(f"GET /healthz HTTP/1.1\r\n{host}GET {path} HTTP/1.1\r\n{host}".encode())
            received = b""
            while b"ok\n" not in received:
                received += connection.recv(65536)


def links(letter: EmailMessage) -> list[str]:
    """The links in a letter, in the order of its text."""
    return LINK.findall(letter.get_content())
