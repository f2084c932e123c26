"""An instance whose letters arrive where a test can read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from portal.kernel.work import Instance
from portal.notices.port import MailTransport


@dataclass
class Postbox:
    """A transport that keeps messages in a list, and refuses as often as it is told to."""

    messages: list[EmailMessage] = field(default_factory=list)
    refusals: int = 0

    def send(self, message: EmailMessage) -> None:
        """Keep the message, or raise OSError."""
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
