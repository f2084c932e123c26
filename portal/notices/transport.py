"""Where letters go on an instance without a mail server: a Maildir that only its user can read."""

from __future__ import annotations

import os
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

FOLDER = "mail"


class MaildirTransport:
    """Delivers into a Maildir (mode 0700); message and folder are synchronised to disk before `send` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

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
