"""What every command needs before anything slow is loaded: its options, and how it says that it can't be done."""

from __future__ import annotations

import argparse
from pathlib import Path


class Failure(Exception):
    """A command can't do what it was asked for; the message is a sentence for the person who ran it."""


def add_data(parser: argparse.ArgumentParser, *, default: Path | str) -> None:
    """The option that names the data directory. A subcommand's own leaves alone what stood before it."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=default,
        help="the data directory, with its doorward.ini (DOORWARD_DATA, or var)",
    )
