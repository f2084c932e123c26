"""Pyramid glue without domain: renderer, form base, view options, headers, errors, static files."""

from __future__ import annotations

from typing import Any

MODULES = (
    "requests",
    "routes",
    "forms",
    "navigation",
    "renderer",
    "transaction",
    "gate",
    "options",
    "tokens",
    "masking",
    "banners",
    "errors",
    "static",
    "help",
    "health",
    "robots",
    "wellknown",
)


def includeme(config: Any) -> None:
    """Add what every page needs. Order matters only where a comment in the module says so."""
    for name in MODULES:
        config.include(f"portal.web.{name}")
