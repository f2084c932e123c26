"""What the outbox needs from the outside: words in a language, and a way to hand letters over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Protocol


@dataclass(frozen=True)
class Rendered:
    """A letter in the recipient's language: one subject line, and plain text of wrapped paragraphs."""

    language: str
    subject: str
    text: str


class LetterRenderer(Protocol):
    """Turns a template of `templates/mail/` into a letter."""

    def prepare(self) -> None:
        """Do once, at the start of a server, what is slow; without it the first letter of each kind does."""
        ...

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """The letter of that name. Plain `str` values are user text and come out isolated (U+2068, U+2069)."""
        ...


class MailTransport(Protocol):
    """Hands one message over to something that keeps it."""

    def send(self, message: EmailMessage) -> None:
        """Return once the message is kept for good. Raises OSError where it is not: it will be tried again."""
        ...


class Link(str):
    """An address of this site: shown as it is, on a line of its own."""

    __slots__ = ()
