"""What `doorward serve` does once its sockets are open; it loads the whole application."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from waitress.server import MultiSocketServer

from portal.accounts.first_admin import Standing
from portal.app import Application, assemble, compile_templates, prepare
from portal.app.redact import set_up_logging
from portal.app.server import make_server
from portal.cli.arguments import Failure
from portal.cli.configuration import Configuration
from portal.cli.first_link import LOST, hand_over
from portal.kernel.commands import command
from portal.kernel.settings import Settings
from portal.notices import worker
from portal.notices.transport import staying

log = logging.getLogger("doorward.serve")


def run(configuration: Configuration, arguments: argparse.Namespace, opened: Sequence[socket.socket]) -> None:
    """Serve on these sockets until a signal. Raises Failure where the database was lost."""
    set_up_logging()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    prepare(configuration.settings)
    application = assemble(configuration.settings)
    server = make_server(application.wsgi, configuration.settings, opened=opened)
    compile_templates(application)
    if hand_over(application.instance, log.warning) is Standing.DATABASE_LOST:
        raise Failure(LOST)
    serve(server, application, arguments)


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
        print(f"  {command('letters', settings.data)}")
    print("Stop it with Ctrl+C.", flush=True)


def leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End the server's loop, which answers what it has begun and then returns."""
    raise SystemExit(0)
