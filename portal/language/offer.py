"""Which languages this instance has: those whose catalogue is compiled, and English."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from portal.kernel.paths import LOCALE
from portal.kernel.words import DOMAIN

DEFAULT = "en"
PSEUDO = frozenset({"en_XA"})
"""Locales made for testing: reached by their address only, and never offered to anybody."""


@cache
def offered(folder: Path = LOCALE) -> dict[str, str]:
    """The code in addresses ("pt-BR") and the locale ("pt_BR") of every language, English first."""
    compiled = sorted(path.parent.parent.name for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return {locale.replace("_", "-"): locale for locale in [DEFAULT, *compiled]}


def locale_of(code: str) -> str | None:
    """The locale of a language as people write it ("pt-BR", "pt_br"); None where this instance has no such language."""
    wanted = code.replace("_", "-").lower()
    return next((locale for known, locale in offered().items() if known.lower() == wanted), None)


def suggested(languages: dict[str, str]) -> dict[str, str]:
    """The same without the pseudo-locales: what is negotiated and what is listed in menus."""
    return {code: locale for code, locale in languages.items() if locale not in PSEUDO}
