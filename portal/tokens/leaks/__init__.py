"""Tokens that were found where others can read them: reported by a scanner, by anybody, or by the operator."""

from __future__ import annotations

from typing import Any

from portal.kernel.sweeps import add_sweep
from portal.tokens.leaks import disclosure, service


def includeme(config: Any) -> None:
    """Add the address for scanners and the page. Raises UnsafeSettings for keys that can't be read."""
    instance = config.registry.instance
    disclosure.pinned(instance.settings.disclosure_keys)
    config.add_plain_route("tokens.disclose_token", "/_/secrets/disclose-token")
    config.add_page_route("tokens.leaked", "/account/leaked-token/")
    config.add_page_route("tokens.leaked_thanks", "/account/leaked-token/thanks/")
    add_sweep(instance, service.take_all, every=service.EVERY)
    config.scan(".views")
