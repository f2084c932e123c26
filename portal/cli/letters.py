"""Show the newest letters with their links, where they stay on this machine."""

from __future__ import annotations

import argparse
import sys
from io import TextIOWrapper

from portal.cli.arguments import Failure
from portal.cli.configuration import open_configuration
from portal.notices.reading import NotKept, ReadLetter, counted, newest
from portal.notices.transport import FOLDER

COUNT = 3
SENT = (
    "Letters are sent through {host}, and none is kept here. Those that were written before that lie in {folder}."
    " What can't be sent is named in the log, with the reason."
)
HAND_ON = (
    "These letters have not left this machine. Hand each on to the person it is written to: its links are for that"
    " person alone."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many."""
    parser.add_argument(
        "-n", dest="count", type=int, default=COUNT, metavar="N", help="how many (default: %(default)s)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print letters, the newest last, so that it stands where one looks in a terminal."""
    settings = open_configuration(arguments.data, create=False).settings
    if isinstance(sys.stdout, TextIOWrapper):
        # A letter may hold signs that an old terminal can't show: a question mark is better than nothing.
        sys.stdout.reconfigure(errors="replace")
    try:
        found = newest(settings, max(1, arguments.count))
    except NotKept as error:
        raise Failure(SENT.format(host=error, folder=settings.data / FOLDER)) from error
    if (rest := counted(settings) - len(found)) > 0:
        print(f"Older letters that are not shown here: {rest}. To see more, add for example: -n {len(found) + rest}")
    if not found:
        print("There is no letter yet. Letters arrive here within seconds: try again.")
    for letter in reversed(found):
        print(_shown(letter))
    if found and not settings.loopback:
        print(HAND_ON)
    return 0


def _shown(letter: ReadLetter) -> str:
    date = letter.date.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    head = f"To:      {letter.to}\nDate:    {date}\nSubject: {letter.subject}"
    return f"{'=' * 72}\n{head}\n\n{letter.text.strip()}\n"
