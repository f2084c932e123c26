"""Make a new one-time link for the first administrator; the one before it stops working."""

from __future__ import annotations

import argparse

from portal.accounts.first_admin import Standing
from portal.app import assemble, prepare
from portal.cli.arguments import Failure
from portal.cli.configuration import open_configuration
from portal.cli.first_link import LOST, hand_over


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No more than the data directory."""


def run(arguments: argparse.Namespace) -> int:
    """Issue the link. Raises Failure where there has been an administrator."""
    settings = open_configuration(arguments.data, create=False).settings
    prepare(settings)
    instance = assemble(settings).instance
    try:
        standing = hand_over(instance, print)
    finally:
        instance.database.close()
    if standing is Standing.DONE:
        raise Failure("This Doorward has an administrator already. No link was made.")
    if standing is Standing.DATABASE_LOST:
        raise Failure(LOST)
    return 0
