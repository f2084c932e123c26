"""API tokens: issue once, narrow, replace, list, revoke; the bearer policy of uploads."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add its pages and what goes with them. They are loaded here: a command that needs none of them does without."""
    config.include("portal.tokens.application")
