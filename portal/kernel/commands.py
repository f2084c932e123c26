"""How the person who reads it runs a command of this Doorward: the same line in terminals, logs and pages."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path


def command(name: str, data: Path, *more: str) -> str:
    """How the person who reads it runs a subcommand, ready to be copied into a shell."""
    program = "doorward" if shutil.which("doorward") else sys.argv[0]
    return shlex.join([program, name, "--data", str(data), *more])
