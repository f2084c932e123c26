"""The reader's language: which one, how dates and numbers read in it, where its messages come from."""

from __future__ import annotations

from typing import Any

from portal.kernel.paths import LOCALE
from portal.language.offer import offered

__all__ = ["includeme", "offered"]


def includeme(config: Any) -> None:
    """Load the catalogues; add the negotiator, the request methods and the headers."""
    config.registry.languages = offered()
    if LOCALE.is_dir():
        config.add_translation_dirs(str(LOCALE))
    config.include("portal.language.choice")
    config.include("portal.language.links")
    config.include("portal.language.shown")
