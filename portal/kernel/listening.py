"""Where Doorward listens: as it is written in a settings file, and the sockets there.

Nothing slow is imported here: the sockets are open before the rest is loaded, so that whoever asks meanwhile waits
and is answered.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from typing import Any

DEFAULT_LISTEN = "localhost:6543"
WAITING = 1024
"""So many connections wait to be taken, as with waitress's own sockets."""


def open_sockets(listen: str) -> list[socket.socket]:
    """Listening sockets at all these addresses ("127.0.0.1:6543 [::1]:6543", "*:80"), or none. Raises OSError."""
    opened: list[socket.socket] = []
    try:
        for family, place in _places(listen):
            opened.append(made := socket.socket(family, socket.SOCK_STREAM))
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(place)
            made.listen(WAITING)
    except OSError:
        close(opened)
        raise
    return opened


def _places(listen: str) -> Iterator[tuple[int, Any]]:
    for address in listen.split():
        host, _, port = address.rpartition(":")
        named = None if host == "*" else host.strip("[]")
        found = socket.getaddrinfo(named, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        yield from ((family, place) for family, _kind, _protocol, _name, place in found)


def close(opened: list[socket.socket]) -> None:
    """Close them all; once more does no harm."""
    for one in opened:
        one.close()


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
