"""Why something that a program sent is refused, as data: one code, one status, one sentence and one remedy a cause.

A refusal is told twice: in English as a reason phrase, the only thing that most upload tools show, and in the
reader's language as the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.kernel.errors import Refused
from portal.kernel.words import TranslationString, filled

REASON_LIMIT = 200
SHOWN_LIMIT = 80
TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "…": "..."})


@dataclass(frozen=True)
class Cause:
    """Why something is refused, and what helps. `code` stands in the history and never changes its meaning;
    it is also the anchor of the cause on the help page.
    """

    code: str
    sentence: TranslationString
    remedy: TranslationString
    status: int = 400


class CauseRefused(Refused):
    """What was sent is not taken. `values` fill sentence and remedy, cut at `SHOWN_LIMIT` characters.

    `reason` is what a reason phrase can carry. `until` says when to try again, where waiting helps. `token_ends`
    is when the token ends that was used, if that is soon.
    """

    token_ends: datetime | None = None

    def __init__(self, cause: Cause, *, until: datetime | None = None, **values: Any) -> None:
        super().__init__(cause.code)
        self.until = until
        values = values | ({"time": until.astimezone(UTC).strftime("%H:%M:%S UTC")} if until else {})
        shown = {name: shorten(value) for name, value in values.items()}
        self.code = cause.code
        self.status = cause.status
        self.sentence = filled(cause.sentence, shown)
        self.remedy = filled(cause.remedy, shown)
        self.reason = phrase(ascii_reason(self.sentence), ascii_reason(self.remedy))


def phrase(first: str, *more: str) -> str:
    """A reason phrase of the first text and of those that fit behind it into 200 characters."""
    for text in more:
        if len(first) + 1 + len(text) <= REASON_LIMIT:
            first = f"{first} {text}"
    return first


def ascii_reason(sentence: TranslationString) -> str:
    """The sentence in English as printable ASCII of at most 200 characters; other characters are escaped."""
    text = sentence.interpolate().translate(TYPOGRAPHY)
    escaped = text.encode("ascii", "backslashreplace").decode("ascii")
    return "".join(char if " " <= char <= "~" else " " for char in escaped)[:REASON_LIMIT]


def shorten(value: object) -> str:
    """The value as text that fits into a sentence; what can't be seen is escaped."""
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(value))
    return text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"
