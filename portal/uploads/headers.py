"""The lines before the description of core metadata, looked at before anything reads them (core metadata; RFC 5322).

What reads them is the standard library's parser of e-mail, which goes over all lines once more for each name, and which
would decode and take apart a text that calls itself encoded, or a letter of many parts.
"""

from __future__ import annotations

import re

from portal.uploads import flaws
from portal.uploads.errors import Refusal

LINES_LIMIT = 10_000
"""Lines before the first empty one, those that only go on counted too."""
NAMES_LIMIT = 100
"""Kinds of lines; the standard has some thirty."""
LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")


def check_headers(content: bytes) -> None:
    """Raise Refusal for too many lines or names, a name in two spellings, and what makes a letter of the text."""
    names: dict[bytes, bytes] = {}
    for number, line in enumerate(LINE.finditer(content)):
        if not line[1]:
            return
        name = _name(line[1])
        if name and names.setdefault(name.lower(), name) != name:
            raise Refusal(flaws.METADATA, field=_shown(name))
        if number == LINES_LIMIT or len(names) > NAMES_LIMIT:
            raise Refusal(flaws.METADATA_LINES, lines=LINES_LIMIT, names=NAMES_LIMIT)
        if name.lower().startswith(b"content-"):
            raise Refusal(flaws.METADATA_MIME, field=_shown(name))


def _name(line: bytes) -> bytes:
    """The name that a line begins with; none where it goes on with the one before."""
    return b"" if line[:1] in {b" ", b"\t"} else line.partition(b":")[0]


def _shown(name: bytes) -> str:
    return name.decode("utf-8", "replace")
