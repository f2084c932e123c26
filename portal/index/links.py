"""Addresses that users gave: which of them a page may link to."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from portal.kernel.settings import Settings

LENGTH = 2000
OPEN_PATHS = ("/project/", "/user/")
HOST = re.compile(r"[a-z0-9.-]+")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
NAMES_OF_THIS_MACHINE = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


def external_links(settings: Settings, metadata: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, address) of the links in core metadata that may be followed; an empty label: the home page."""
    given = [("", metadata.get("home_page")), *dict(metadata.get("project_urls") or {}).items()]
    links = [(str(label), url.strip()) for label, url in given if isinstance(url, str)]
    return [(label, url) for label, url in links if may_link(settings, url)]


def may_link(settings: Settings, url: str) -> bool:
    """Whether a page may link there: http and https only, and on this site nothing that belongs to an account.

    A link to `/account` or below a handle would act with the reader's own session.
    """
    if len(url) > LENGTH or any(char <= " " or char in '\\"<>\x7f' for char in url):
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return False
    if not parts.netloc.isascii() or not _is_plain(host):
        return False
    return not _is_ours(settings, host) or _is_open(parts.path)


def _is_plain(host: str) -> bool:
    """Whether a host is written in the one way that browsers take as it stands, so that it can be compared.

    They decode "%61", full-width letters, soft hyphens and numbers in place of an address before they go there.
    """
    name = host.rstrip(".").lower()
    if HOST.fullmatch(name) and not NUMBER.fullmatch(name.rpartition(".")[2]):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
    return str(address) == name and "%" not in name and not mapped and not address.is_unspecified


def _is_ours(settings: Settings, host: str) -> bool:
    """Whether the host is this site's, whatever the port; on loopback every name of this machine is."""
    name = host.rstrip(".").lower()
    if name == (urlsplit(settings.base_url).hostname or "").lower():
        return True
    try:
        loopback = ipaddress.ip_address(name).is_loopback
    except ValueError:
        loopback = name in NAMES_OF_THIS_MACHINE or name.endswith(".localhost")
    return loopback and settings.loopback


def _is_open(path: str) -> bool:
    """Whether a path of ours is public, written in the one plain way that can't be read as another path."""
    return path in {"", "/"} or (path.startswith(OPEN_PATHS) and not any(part in path for part in ("%", "//", "/.")))
