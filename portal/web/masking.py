"""How addresses and networks are shown: in full in a cookie session, coarsely to a bare handle."""

from __future__ import annotations

from typing import Any

from portal.kernel.networks import mask_network

__all__ = ["mask_email", "mask_network"]


def mask_email(email: str) -> str:
    """The first letter of each part of an e-mail address: `a…@e….org`."""
    local, _, host = email.partition("@")
    head, dot, end = host.rpartition(".")
    return f"{local[:1]}…@{head[:1]}…{dot}{end}" if dot else f"{local[:1]}…@{host[:1]}…"


def show_email(request: Any, email: str) -> str:
    """The e-mail address as this session may see it."""
    return mask_email(email) if request.limited else email


def show_network(request: Any, address: str) -> str:
    """The network address as this session may see it."""
    return mask_network(address) if request.limited else address


def includeme(config: Any) -> None:
    """Add the request methods; `signin` decides what `limited` is."""
    config.registry.limited = lambda request: False
    config.add_request_method(lambda request: request.registry.limited(request), "limited", reify=True)
    config.add_request_method(show_email)
    config.add_request_method(show_network)
