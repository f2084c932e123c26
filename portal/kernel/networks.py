"""IP addresses as they reach us, and how coarsely they are looked at where single ones do not matter."""

from __future__ import annotations

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

IPV4_PREFIX = 16
IPV6_PREFIX = 32
LONGEST = 100
WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?|([0-9.]+):[0-9]+")


def address_of(text: str) -> Address | None:
    """An IP address; None where it is none. Some proxies write a port behind it: that is left out.

    IPv4 inside IPv6 (RFC 4291 §2.5.5.2) is IPv4 again: so it comes over an IPv6 socket. A zone (RFC 4007) says where
    a packet came in, not from whom: it is left out, too.
    """
    if len(text) > LONGEST:
        return None
    if with_port := WITH_PORT.fullmatch(text):
        text = with_port[1] or with_port[2]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def mask_network(address: str) -> str:
    """The network of an IP address: IPv4 /16, IPv6 /32; empty where there is no address."""
    found = address_of(address)
    if found is None:
        return ""
    prefix = IPV4_PREFIX if found.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((found, prefix), strict=False))
