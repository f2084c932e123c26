"""Look after API tokens: make a narrower copy of one, or revoke one that was found."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from importlib import import_module

from portal.cli.arguments import Failure, add_data

SENT_LIMIT = 8 * 1024
NOTHING_CAME = "Nothing came on standard input. Put the token there, for example: doorward token {} < token.txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which token."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="actions")
    narrow_help = "Print a copy of a token that can do less. The token is read from standard input; no index is asked."
    asks = "On a terminal the command asks for it, and what is typed there does not appear."
    narrow_parser = actions.add_parser("narrow", help=narrow_help, description=f"{narrow_help} {asks}")
    _add_limits(narrow_parser)
    revoke_help = "Revoke a token and write to its owner."
    revoke_parser = actions.add_parser("revoke", help=revoke_help, description=f"{revoke_help} {asks}")
    add_data(revoke_parser, default=argparse.SUPPRESS)
    revoke_parser.add_argument(
        "which",
        nargs="?",
        metavar="TOKEN-OR-ID",
        help="the token, its id, or how its id begins (8 characters or more); a token better on standard input, where "
        "no history keeps it",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--project", action="append", default=[], metavar="NAME", help="only for this project; can be given again")
    add("--project-id", action="append", default=[], metavar="ID", help="the same, by the id that PyPI knows it by")
    add("--minutes", type=int, metavar="N", help="ends after so many minutes")
    add("--until", metavar="TIME", help="ends at this time, for example 2030-12-31T18:00Z")
    add("--not-before", metavar="TIME", help="begins at this time; needs an end")
    add("--network", action="append", default=[], metavar="CIDR", help="only from this network (Doorward only)")
    add("--release", metavar="VERSION", help="only for this version (Doorward only)")
    add("--new-releases", action="store_true", help="only for releases that it makes itself (Doorward only)")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Raises Failure."""
    # A copy is made without anything of an index, in scripts and often: nothing of an index is loaded for it.
    status: int = import_module(f"portal.cli.token_{arguments.action}").run(arguments)
    return status


def read_line(prompt: str, action: str) -> str:
    """What is on standard input; what is typed in a terminal does not appear there. Raises Failure for nothing."""
    if sys.stdin.isatty():
        return getpass(prompt).strip()
    text = sys.stdin.read(SENT_LIMIT).strip()
    if not text:
        raise Failure(NOTHING_CAME.format(action))
    return text
