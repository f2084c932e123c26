"""Where letters go on an instance without a mail server: a Maildir that only its user can read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

from portal.kernel.mailing import EXAMPLE
from portal.kernel.settings import Settings
from portal.notices.port import SendMessage

FOLDER = "mail"


class MaildirTransport:
    """Delivers into a Maildir (mode 0700); message and folder are synchronised to disk before `send` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done = f"put into {path} for"

    @contextmanager
    def batch(self) -> Iterator[SendMessage]:
        """Each message is a file of its own."""
        yield self.send

    def send(self, message: EmailMessage) -> None:
        """Store the message as a file with mode 0600. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        box = Maildir(self.path, create=True)
        key = box.add(message)
        folder = self.path / "new"
        (folder / key).chmod(0o600)
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def staying(settings: Settings) -> str | None:
    """What to tell the operator of an index that others reach while its letters stay here; else None."""
    if settings.letters != "kept":
        return None
    return (
        f"No letter leaves this machine: letters are only put into {settings.data / FOLDER}, where nobody else reads"
        f" them. To send them, write doorward.mail = {EXAMPLE} with your mail server; see docs/operating.md."
    )
