"""Put a new key in front of those that encrypt what the database holds; the old ones go on opening what they sealed."""

from __future__ import annotations

import argparse

from portal.app.first_start import KEYS
from portal.cli.arguments import Failure
from portal.cli.configuration import open_configuration
from portal.kernel.vault import add_key

DONE = (
    "A new key is in front. Restart every process of this Doorward now: until then the old ones can’t open what a new"
    " one seals. Then make a backup of the key file. The old keys are still needed for what they sealed."
)


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No more than the data directory."""


def run(arguments: argparse.Namespace) -> int:
    """Add the key. Raises Failure where there are none yet, and OSError where another command is at it."""
    path = open_configuration(arguments.data, create=False).settings.data / KEYS
    if not path.is_file():
        raise Failure("There are no keys yet. The first start makes one.")
    add_key(path)
    print(DONE)
    return 0
