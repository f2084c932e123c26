"""The command line, in this process, on a data directory of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import cli


@dataclass
class Said:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The path of a data directory that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def command(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run a subcommand on that directory, with no setting of Doorward in the environment."""
    for name in list(os.environ):
        if name.startswith("DOORWARD_"):
            monkeypatch.delenv(name)

    def run(name: str, *arguments: str) -> Said:
        capsys.readouterr()
        status = cli.main([name, "--data", str(data), *arguments])
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    mask = os.umask(0o022)
    yield run
    os.umask(mask)
