"""The subcommands: one module each."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

# Pyramid 2.1 still imports pkg_resources; an operator can do nothing about it.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)

# ruff: noqa: E402
from alembic.util.exc import CommandError
from sqlalchemy.exc import SQLAlchemyError

from portal.cli import doctor, first_administrator, letters, migrate, new_key, project, serve, token, user, worker
from portal.cli.configuration import Failure, add_data
from portal.kernel.written import UnsafeSettings

COMMANDS = {
    "serve": serve,
    "worker": worker,
    "migrate": migrate,
    "letters": letters,
    "first-administrator": first_administrator,
    "user": user,
    "project": project,
    "token": token,
    "new-key": new_key,
    "doctor": doctor,
}
DEFAULT_DATA = "var"
NEWER = (
    "The database was made by another version of Doorward, whose schema this one does not know."
    " Install the newest version, or restore a backup that this one has made."
)
OWNER_ONLY = 0o077


def run(words: Sequence[str]) -> int:
    """Run one subcommand; its exit status."""
    arguments = make_parser().parse_args(words)
    # Database, files, letters and keys are for the account that runs Doorward, whatever the umask was.
    os.umask(OWNER_ONLY)
    try:
        return COMMANDS[arguments.command].run(arguments)
    except KeyboardInterrupt:
        return 130
    except (UnsafeSettings, Failure, CommandError, SQLAlchemyError, OSError) as error:
        print(_sentence(error), file=sys.stderr)
        return 2 if isinstance(error, UnsafeSettings) else 1


def make_parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="doorward", description="A self-hosted Python package index whose account portal works for everyone."
    )
    parser.add_argument("--version", action="version", version=f"doorward {version('doorward')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        add_data(command, default=Path(os.environ.get("DOORWARD_DATA") or DEFAULT_DATA))
        module.add_arguments(command)
    return parser


def _sentence(error: Exception) -> str:
    """What went wrong, for the person who ran the command."""
    match error:
        case UnsafeSettings():
            return f"Doorward can’t use these settings. {error}"
        case CommandError():
            return NEWER
        case SQLAlchemyError():
            cause = getattr(error, "orig", None) or error
            return f"The database can’t be used: {str(cause).strip().partition(chr(10))[0]}"
        case OSError():
            return f"Doorward can’t use {error.filename or 'this machine'}: {error.strerror or error}."
    return str(error)
