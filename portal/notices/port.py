"""What the outbox needs from the outside: words in a language, and a way to hand letters over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
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
        """The letter of that name. Plain `str` values are user text; `isolated` decides how it stands."""
        ...


class NotTaken(OSError):
    """A message is not kept now and will be tried again. Its text is for the log: no address, no password."""


class RefusedForGood(Exception):
    """A message will never be taken (RFC 5321 §4.2.1, 5yz). Its text is for the log: it names no address.

    `about_address`: it is the recipient's address that is refused, and not this one message.
    """

    def __init__(self, text: str, *, about_address: bool) -> None:
        super().__init__(text)
        self.about_address = about_address


SendMessage = Callable[[EmailMessage], None]
"""Returns once the message is kept for good. Raises RefusedForGood, or OSError where it will be tried again."""


class MailTransport(Protocol):
    """Hands messages over to something that keeps them."""

    @property
    def done(self) -> str:
        """How the log says that a message was handed over, in front of its recipient: "sent to"."""
        ...

    def batch(self) -> AbstractContextManager[SendMessage]:
        """What sends one message after the other; nothing stays open behind it."""
        ...


class Link(str):
    """An address of this site: shown as it is, on a line of its own."""

    __slots__ = ()
