"""Bring the database to the newest schema; the other commands do it as well."""

from __future__ import annotations

import argparse

from portal.app import prepare
from portal.cli.configuration import open_configuration


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No more than the data directory."""


def run(arguments: argparse.Namespace) -> int:
    """Migrate."""
    settings = open_configuration(arguments.data).settings
    prepare(settings)
    print("The database has the newest schema.")
    return 0
