"""The pseudo-locale `en-XA`: English in disguise, made from the template catalogue alone.

Every message comes back in brackets, with accents, and a third longer. What stands on a page
without brackets was not marked for translation; what is cut off would be cut off in German.

The build loads this file by its path, with only Babel installed: it imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

OPEN, CLOSE = "⟦", "⟧"
PADDING = "~"
# Names of values and entities must come through unharmed.
KEPT = re.compile(r"\$\{[^}]*\}|&(?:#?\w+);|<[^>]*>")
PLAIN = "AaBCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz"
ACCENTED = "ÅåßÇçÐðÉéĜĝĤĥÎîĴĵĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž"
ACCENTS = str.maketrans(PLAIN, ACCENTED)


def disguise(text: str) -> str:
    """One text in the pseudo-locale; placeholders, entities and tags stay as they are."""
    if not text.strip():
        return text
    accented = "".join(part if kept else part.translate(ACCENTS) for part, kept in _parts(text))
    return f"{OPEN}{accented}{PADDING * max(1, len(text) // 3)}{CLOSE}"


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it must be kept as it is."""
    end = 0
    for found in KEPT.finditer(text):
        yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    yield text[end:], False


def write_pseudo(pot: Path, mo: Path) -> None:
    """Compile the pseudo-locale of the template catalogue `pot` to `mo`: contexts and plurals included."""
    with pot.open("rb") as source:
        template = read_po(source, domain=pot.stem, abort_invalid=True)
    # The plural rule is English's: two forms, as the messages have.
    pseudo = Catalog(locale="en", domain=pot.stem, fuzzy=False)
    for message in template:
        if message.id:
            pseudo.add(message.id, _disguised(message), context=message.context)
    with mo.open("wb") as target:
        write_mo(target, pseudo)


def _disguised(message: Message) -> str | tuple[str, ...]:
    if isinstance(message.id, tuple | list):
        return tuple(disguise(form) for form in message.id)
    return disguise(str(message.id))
