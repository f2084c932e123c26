"""The embedded server: waitress, with our pages for its own errors."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Sequence
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import MultiSocketServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from portal.app.edge import Edge
from portal.app.prompt import PromptChannel, PromptServer
from portal.app.room import Front
from portal.kernel.listening import DEFAULT_LISTEN, listen_on, open_sockets
from portal.kernel.settings import Settings
from portal.uploads.receive import ROOM
from portal.web.errors import PROBLEM

THREADS = 8
CONNECTIONS = 1000


class ProblemTask(WSGITask):
    """Answers a request that the server itself refuses (400, 413, 431, 500, 501) with the application's page."""

    def execute(self) -> None:
        """Ask the application for the page of this status; the path is not repeated to it, except where uploads go."""
        self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        """An environ that leads to the page of the error."""
        request = self.request
        defaults = {
            "command": "GET",
            "path": "/",
            "request_uri": "/",
            "query": "",
            "fragment": "",
            "url_scheme": "http",
            "proxy_scheme": "",
        }
        for name, value in defaults.items():
            if not hasattr(request, name):
                setattr(request, name, value)
        environ: dict[str, Any] = super().get_environment()
        environ[PROBLEM] = request.error.code
        environ["HTTP_HOST"] = self.channel.server.host
        return environ


class Channel(PromptChannel):
    """A connection."""

    error_task_class = ProblemTask


class Server(PromptServer):
    """One listening socket; `host` is what the instance is called by."""

    channel_class = Channel
    host = ""
    front: Front


def make_server(application: Edge, settings: Settings, *, opened: Sequence[socket.socket]) -> MultiSocketServer:
    """A server on sockets that listen already, not yet running.

    From here on the process's temporary files lie below the data directory: what a client sends
    leaves the operator's disk for it at no moment.
    """
    spool = settings.data / "spool"
    spool.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(spool)
    adjustments = Adjustments(
        sockets=list(opened),
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        # One more than what is refused by the headers, with a reason.
        max_request_body_size=settings.upload_limit + ROOM + 1,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **_trust(settings),
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adjustments.threads)
    sockets: dict[int, Any] = {}
    names = []
    front = Front(settings)
    for found in opened:
        place = (found.family, found.type, found.proto, found.getsockname())
        server = Server(
            application, sockets, _sock=found, bind_socket=False, dispatcher=dispatcher, adj=adjustments, sockinfo=place
        )
        server.host = settings.host
        server.front = front
        server.door = application.prompt
        names.append((server.effective_host, server.effective_port))
    return MultiSocketServer(sockets, adjustments, names, dispatcher, server.log_info)


def _trust(settings: Settings) -> dict[str, Any]:
    """Whose word is taken for where a request comes from; from everybody else such headers are dropped unread."""
    if not settings.trusted_proxy:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": headers}


def run(application: Any, _defaults: dict[str, str], listen: str = DEFAULT_LISTEN) -> None:
    """Serve until interrupted: the server runner for `pserve` (PasteDeploy)."""
    make_server(application, application.settings, opened=open_sockets(listen_on(listen))).run()
