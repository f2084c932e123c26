"""What pip and uv make of an archive: run as a program by the Python of `.venv/clients`, which has them.

Asked by a line "KIND PATH", it answers with a line of JSON: for each of them what lies on the disk
afterwards, path → SHA-256 or link, and what it reads in a wheel's metadata; or why it refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pip._internal.metadata import FilesystemWheel, get_wheel_distribution
from pip._internal.models.scheme import Scheme
from pip._internal.operations.install.wheel import install_wheel
from pip._internal.utils.unpacking import unpack_file
from pip._vendor.packaging.utils import canonicalize_name

NAMES = {"whl": "demo-1.0-py3-none-any.whl", "sdist": "demo-1.0.tar.gz"}
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n"
BIN = Path(sys.executable).parent
QUIET = {"PATH": os.defpath, "HOME": "/nonexistent", "UV_NO_CONFIG": "1", "UV_LINK_MODE": "copy", "NO_PROXY": "*"}
DISABLED = "Building source distributions"
Found = dict[str, str]


class Refused(Exception):
    """A reader that takes no such archive."""


def tree(folder: Path) -> Found:
    """What lies below a folder; folders only count by what is in them."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_symlink():
            found[str(path.relative_to(folder))] = f"-> {path.readlink()}"
        elif path.is_file():
            found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def below_top(found: Found) -> Found:
    """With the folder at the top, which both take away from an sdist."""
    return {f"demo-1.0/{name}": held for name, held in found.items()}


def by_pip(kind: str, path: Path, folder: Path) -> tuple[Found, list[Any]]:
    """Installed or unpacked by pip, and its reading of the metadata. Raises Refused."""
    place = str(folder)
    named = path.with_name(NAMES[kind])
    try:
        if kind == "sdist":
            unpack_file(str(named), place, "application/x-gzip")
            return below_top(tree(folder)), []
        scheme = Scheme(
            platlib=place, purelib=place, headers=f"{place}/include/demo", scripts=f"{place}/bin", data=place
        )
        install_wheel("demo", str(named), scheme, "demo", pycompile=False, warn_script_location=False)
        told = get_wheel_distribution(FilesystemWheel(str(named)), "demo")
        return tree(folder), [
            told.raw_name,
            str(told.version),
            [canonicalize_name(one.name) for one in told.iter_dependencies()],
        ]
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}") from error


class Uv:
    """uv, which gets each archive by HTTP, because it then reads it as it comes."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.content = b""
        self.asked = 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _address = self.listening.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while line := lines.readline():
                while lines.readline().strip():
                    pass
                content = b"" if line.startswith(b"HEAD") else self.content
                connection.sendall(ANSWER % len(self.content) + content)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One call."""
        command = [str(BIN / "uv"), "pip", *arguments, "--python", sys.executable]
        return subprocess.run(
            command, env=QUIET | {"UV_CACHE_DIR": str(self.cache)}, capture_output=True, text=True, check=False
        )

    def asks(self, kind: str, path: Path, folder: Path) -> tuple[Found, list[Any]]:
        """Installed or unpacked by uv, and its reading of the metadata. Raises Refused."""
        self.content, self.asked = path.read_bytes(), self.asked + 1
        for each in [*self.cache.glob("sdists-*"), *self.cache.glob("wheels-*"), *self.cache.glob("archive-*")]:
            shutil.rmtree(each)
        wanted = f"demo @ http://127.0.0.1:{self.listening.getsockname()[1]}/{self.asked}/{NAMES[kind]}"
        told = self.run("install", "--no-build", "--no-deps", "--no-index", "--target", str(folder), wanted)
        if kind == "sdist":
            sources = [*self.cache.glob("sdists-*/url/*/*/src")]
            if DISABLED not in told.stderr or len(sources) != 1:
                raise Refused(told.stderr)
            return below_top(tree(sources[0])), []
        if told.returncode:
            raise Refused(told.stderr)
        shown = self.run("show", "demo", "--target", str(folder)).stdout.splitlines()
        fields = dict(line.split(": ", 1) for line in shown if ": " in line)
        return tree(folder), [
            fields.get("Name"),
            fields.get("Version"),
            fields.get("Requires", "").split(", ") if fields.get("Requires") else [],
        ]


def main() -> None:
    """Answer until nothing is asked any more."""
    logging.disable()
    with tempfile.TemporaryDirectory() as place:
        uv = Uv(Path(place))
        for line in sys.stdin:
            kind, _, path = line.rstrip("\n").partition(" ")
            shutil.copyfile(path, Path(place) / NAMES[kind])
            sys.stdout.write(json.dumps(_asked(kind, Path(place), {"pip": by_pip, "uv": uv.asks})) + "\n")
            sys.stdout.flush()


def _asked(kind: str, place: Path, readers: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, reader in readers.items():
        folder = place / name
        folder.mkdir()
        try:
            answers[name] = reader(kind, place / NAMES[kind], folder)
        except Refused as error:
            answers[name] = str(error)
        shutil.rmtree(folder)
    return answers


if __name__ == "__main__":
    main()
