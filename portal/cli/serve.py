"""Run Doorward: everything in one process, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
import errno
import logging
import signal
from collections.abc import Callable
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from waitress.server import MultiSocketServer

from portal.accounts.first_admin import Standing
from portal.app import Application, assemble, compile_templates, prepare
from portal.app.redact import set_up_logging
from portal.app.server import listen_on, make_server
from portal.cli.configuration import Configuration, Failure, command, open_configuration
from portal.cli.first_link import LOST, hand_over
from portal.kernel.settings import Settings
from portal.notices import worker
from portal.notices.transport import staying

HIGHEST_PORT = 65_535

log = logging.getLogger("doorward.serve")


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
    """Serve until SIGTERM or SIGINT."""
    configuration = open_configuration(arguments.data, port=arguments.port)
    set_up_logging()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    prepare(configuration.settings)
    application = assemble(configuration.settings)
    # A port that is taken is told at once; who asks while pages are compiled waits and is answered.
    server = bind(application, configuration, arguments)
    compile_templates(application)
    if hand_over(application.instance, log.warning) is Standing.DATABASE_LOST:
        raise Failure(LOST)
    serve(server, application, arguments)
    return 0


def bind(application: Application, configuration: Configuration, arguments: argparse.Namespace) -> MultiSocketServer:
    """The server with its sockets open. Raises Failure where the port is taken."""
    listen = listen_on(configuration.listen, host=arguments.host, port=arguments.port)
    try:
        return make_server(application.wsgi, configuration.settings, listen=listen)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(port_taken(int(listen.rpartition(":")[2]), arguments)) from error
        raise Failure(f"Doorward can’t listen on {listen}: {error.strerror}.") from error


def port_taken(port: int, arguments: argparse.Namespace) -> str:
    """What to do about a port that another program listens on."""
    other = port + 1 if port < HIGHEST_PORT else port - 1
    advice = command("serve", arguments.data, "--port", str(other))
    return f"Port {port} is in use by another program. Stop that one, or choose another port: {advice}"


def serve(server: MultiSocketServer, application: Application, arguments: argparse.Namespace) -> None:
    """Answer requests and work in the background until a signal; then finish both."""
    instance = application.instance
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, leave)
    stop: Callable[[], None] = worker.start(instance) if instance.settings.run_worker else lambda: None
    try:
        greet(application.instance.settings, server, arguments)
        server.run()
    finally:
        stop()
        instance.database.close()


def greet(settings: Settings, server: MultiSocketServer, arguments: argparse.Namespace) -> None:
    """Say that it is ready, where, what becomes of letters, and what comes next."""
    print(f"Doorward is ready: {settings.base_url}/")
    ports = {int(port) for _host, port in server.effective_listen}
    if urlsplit(settings.base_url).port not in ports:
        print(f"It listens on port {', '.join(sorted(map(str, ports)))}.")
    if (sentence := staying(settings)) is not None:
        print(sentence)
    if settings.mail_server is None:
        print("Its letters are kept on this machine. To read the newest with their links, in another terminal:")
        print(f"  {command('letters', arguments.data)}")
    print("Stop it with Ctrl+C.", flush=True)


def leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End the server's loop, which answers what it has begun and then returns."""
    raise SystemExit(0)
