"""The embedded server: waitress, with our pages for its own errors."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Mapping
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import MultiSocketServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from portal.app.edge import Edge
from portal.app.prompt import PromptChannel, PromptServer
from portal.app.room import Front
from portal.kernel.settings import Settings
from portal.uploads.receive import ROOM
from portal.web.errors import PROBLEM

DEFAULT_LISTEN = "localhost:6543"
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


def make_server(application: Edge, settings: Settings, *, listen: str) -> MultiSocketServer:
    """A server bound to `listen` ("127.0.0.1:6543 [::1]:6543"), not yet running.

    From here on the process's temporary files lie below the data directory: what a client sends
    leaves the operator's disk for it at no moment.
    """
    spool = settings.data / "spool"
    spool.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(spool)
    adjustments = Adjustments(
        listen=listen,
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
    for found in adjustments.listen:
        server = Server(application, sockets, dispatcher=dispatcher, adj=adjustments, sockinfo=found)
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
    make_server(application, application.settings, listen=listen_on(listen)).run()


def listen_on(listen: str, *, host: str | None = None, port: int | None = None) -> str:
    """``host:port`` (several with spaces between) as waitress wants it, with host and port replaced where given."""
    addresses = listen.split()[:1] if host or port else listen.split()
    parts = [address.rpartition(":") for address in addresses]
    return " ".join(_addresses(host or given_host, port or int(given_port)) for given_host, _, given_port in parts)


def port_of(listen: str) -> int:
    """The port of the first address in `listen`."""
    return int(listen.split(maxsplit=1)[0].rpartition(":")[2])


def reached_at(given: Mapping[str, str], listen: str, *, port: int | None = None) -> dict[str, str]:
    """Settings of an `.ini` with the `base_url` of an instance whose settings name none: this machine, and its port."""
    here = f"http://localhost:{port or port_of(listen)}"
    return {**given, "doorward.base_url": given.get("doorward.base_url") or here}


def _addresses(host: str, port: int) -> str:
    if host == "localhost":
        return loopback(port)
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


def loopback(port: int) -> str:
    """The addresses of `localhost` on this machine, as waitress wants them."""
    addresses = [f"127.0.0.1:{port}"]
    if _has_ipv6_loopback():
        addresses.append(f"[::1]:{port}")
    return " ".join(addresses)


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


__all__ = ["DEFAULT_LISTEN", "Server", "listen_on", "loopback", "make_server", "port_of", "reached_at", "run"]
