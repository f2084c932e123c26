"""Projects, releases and files; who may do what with them; the file-store port."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add its pages and what goes with them. They are loaded here: a command that needs none of them does without."""
    config.include("portal.projects.application")
