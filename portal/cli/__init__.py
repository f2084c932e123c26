"""The `doorward` command. What takes seconds is loaded after the first word to the person who waits for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

STARTING = "Starting Doorward. This takes some seconds."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand. 0: done; 1: it could not be done; 2: the settings or arguments must be changed first."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["serve"] and not {"-h", "--help"}.intersection(words):
        print(STARTING, flush=True)
    status: int = import_module("portal.cli.commands").run(words)
    return status
