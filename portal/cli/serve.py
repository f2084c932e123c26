"""Run Doorward: everything in one process, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
import errno
import socket
from importlib import import_module

from portal.cli.arguments import Failure
from portal.cli.configuration import Configuration, open_configuration
from portal.kernel.commands import command
from portal.kernel.listening import close, listen_on, open_sockets

HIGHEST_PORT = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--port", type=port_number, metavar="N", help="the port (default: as in doorward.ini)")
    parser.add_argument("--host", help="the address to listen on (default: as in doorward.ini)")


def port_number(text: str) -> int:
    """A TCP port. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to {HIGHEST_PORT}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT.

    A port that is taken is told at once. Who asks while the application is loaded, the database is migrated and
    pages are compiled waits and is answered: a restart refuses nobody for longer than Python takes to begin.
    """
    configuration = open_configuration(arguments.data, port=arguments.port)
    opened = bind(configuration, arguments)
    try:
        import_module("portal.cli.serving").run(configuration, arguments, opened)
    finally:
        close(opened)
    return 0


def bind(configuration: Configuration, arguments: argparse.Namespace) -> list[socket.socket]:
    """The sockets, open. Raises Failure where the port is taken."""
    listen = listen_on(configuration.listen, host=arguments.host, port=arguments.port)
    try:
        return open_sockets(listen)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(port_taken(int(listen.rpartition(":")[2]), arguments)) from error
        raise Failure(f"Doorward can’t listen on {listen}: {error.strerror}.") from error


def port_taken(port: int, arguments: argparse.Namespace) -> str:
    """What to do about a port that another program listens on."""
    other = port + 1 if port < HIGHEST_PORT else port - 1
    advice = command("serve", arguments.data, "--port", str(other))
    return f"Port {port} is in use by another program. Stop that one, or choose another port: {advice}"
