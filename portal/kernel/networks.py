"""How coarsely a network is looked at where its single addresses do not matter."""

from __future__ import annotations

import ipaddress

IPV4_PREFIX = 16
IPV6_PREFIX = 32


def mask_network(address: str) -> str:
    """The network of an IP address: IPv4 /16, IPv6 /32; empty where there is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = IPV4_PREFIX if found.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((found, prefix), strict=False))
