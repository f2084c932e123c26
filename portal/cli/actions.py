"""Subcommands that are groups of actions, each done in one transaction on the instance in the data directory."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping

from portal.app import assemble, prepare
from portal.cli.arguments import add_data
from portal.cli.configuration import open_configuration
from portal.kernel.work import Work

Action = Callable[[Work, argparse.Namespace], str]
"""Does it, and returns what to tell. Raises Failure. The first line of its docstring is its help."""


def add_actions(
    parser: argparse.ArgumentParser, actions: Mapping[str, Action]
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Add one command for each; their names and parsers, for what else each of them takes."""
    commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="actions")
    for name, action in actions.items():
        summary = (action.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        add_data(command, default=argparse.SUPPRESS)
        yield name, command


def carry_out(arguments: argparse.Namespace, actions: Mapping[str, Action]) -> int:
    """Do the one that was chosen, in one transaction. Raises Failure."""
    settings = open_configuration(arguments.data, create=False).settings
    prepare(settings)
    instance = assemble(settings).instance
    try:
        with instance.work() as work:
            print(actions[arguments.action](work, arguments))
    finally:
        instance.database.close()
    return 0
