"""The subcommands: one module each, loaded when it is asked for, because most of them load the whole application."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from portal.cli.arguments import Failure, add_data

# Pyramid 2.1 still imports pkg_resources; an operator can do nothing about it.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)

COMMANDS = {
    "serve": "Run Doorward: everything in one process, on this machine unless told otherwise.",
    "worker": (
        "Send letters and tidy up in a process of its own, beside servers that run with doorward.run_worker = false."
    ),
    "migrate": "Bring the database to the newest schema; the other commands do it as well.",
    "letters": "Show the newest letters with their links, where they stay on this machine.",
    "first-administrator": "Make a new one-time link for the first administrator; the one before it stops working.",
    "user": "Look after people: invite somebody, recover an account, make somebody an administrator.",
    "project": "Look after projects: put one into quarantine, or release it.",
    "token": "Look after API tokens: make a narrower copy of one, or revoke one that was found.",
    "new-key": (
        "Put a new key in front of those that encrypt what the database holds; the old ones go on"
        " opening what they sealed."
    ),
    "doctor": "Look for what needs attention: settings that run out, and those that do not fit together.",
}
"""What each is for: the first line of its module."""
DEFAULT_DATA = "var"
OWNER_ONLY = 0o077


def run(words: Sequence[str]) -> int:
    """Run one subcommand; its exit status."""
    arguments = make_parser(words).parse_args(words)
    # Database, files, letters and keys are for the account that runs Doorward, whatever the umask was.
    os.umask(OWNER_ONLY)
    try:
        status: int = module_of(arguments.command).run(arguments)
    except KeyboardInterrupt:
        return 130
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except Exception as error:
        failures = import_module("portal.cli.failures")
        if not isinstance(error, failures.EXPECTED):
            raise
        print(failures.sentence(error), file=sys.stderr)
        return int(failures.status(error))
    return status


def make_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command line. Only the command that was chosen gets its own arguments."""
    parser = argparse.ArgumentParser(
        prog="doorward", description="A self-hosted Python package index whose account portal works for everyone."
    )
    parser.add_argument("--version", action="version", version=f"doorward {version('doorward')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    chosen = next((word for word in words if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        add_data(command, default=Path(os.environ.get("DOORWARD_DATA") or DEFAULT_DATA))
        if name == chosen:
            module_of(name).add_arguments(command)
    return parser


def module_of(name: str) -> Any:
    """The module of a command: it has `add_arguments` and `run`."""
    return import_module(f"portal.cli.{name.replace('-', '_')}")
