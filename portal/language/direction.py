"""Texts of people inside sentences: kept from reordering what stands around them (Unicode UAX 9)."""

from __future__ import annotations

import unicodedata

from babel import Locale

from portal.language.formats import formatting_locale

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
HARMLESS = frozenset({"L", "EN", "ES", "ET", "CS", "NSM", "BN", "B", "S", "WS", "ON"})
"""Bidirectional classes that can't turn a sentence which runs from left to right."""


def direction(locale: str) -> str:
    """How a language is written: ltr or rtl."""
    return Locale.parse(formatting_locale(locale)).text_direction


def isolated(text: str, locale: str) -> str:
    """The text as it stands in a sentence of that language, isolated where it or the sentence runs from right to left.

    Elsewhere nothing invisible is added: what is ASCII stays ASCII, and can be searched for and copied.
    """
    if direction(locale) == "ltr" and all(unicodedata.bidirectional(sign) in HARMLESS for sign in text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
