"""An instance whose letters arrive where a test can read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from portal.kernel.work import Instance
from portal.notices.port import MailTransport, RefusedForGood, SendMessage


@dataclass
class Postbox:
    """A transport that keeps messages in a list, and refuses as often as it is told to."""

    messages: list[EmailMessage] = field(default_factory=list)
    refusals: int = 0
    refused_for_good: set[str] = field(default_factory=set)
    about_address: bool = True
    done: str = "sent to"

    @contextmanager
    def batch(self) -> Iterator[SendMessage]:
        """What keeps one message."""
        yield self.send

    def send(self, message: EmailMessage) -> None:
        """Keep the message, or raise OSError or RefusedForGood."""
        if message["To"] in self.refused_for_good:
            raise RefusedForGood("there is no such person", about_address=self.about_address)
        if self.refusals:
            self.refusals -= 1
            raise OSError("no route to the mail server")
        self.messages.append(message)


@pytest.fixture
def postbox(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Where the instance's letters arrive."""
    made = Postbox()
    monkeypatch.setitem(instance.ports, MailTransport, made)
    return made
