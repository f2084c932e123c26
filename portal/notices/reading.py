"""Reading letters back from the Maildir, for whoever may read the data directory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from portal.kernel.settings import Settings
from portal.notices.transport import FOLDER


class NotKept(LookupError):
    """Letters leave for the mail server of this name, and none is kept."""


@dataclass(frozen=True)
class ReadLetter:
    """A letter as its recipient sees it; `links` are the pages of this instance that it points to, in its order."""

    to: str
    subject: str
    date: datetime
    links: list[str]
    text: str


def newest(settings: Settings, count: int) -> list[ReadLetter]:
    """The newest letters in the Maildir, newest first. Raises NotKept."""
    if settings.mail_server is not None:
        raise NotKept(settings.mail_server.host)
    paths = _paths(settings)
    paths.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    link = re.compile(rf"^{re.escape(settings.base_url)}/\S+$", re.MULTILINE)
    return [_read(path, link) for path in paths[:count]]


def counted(settings: Settings) -> int:
    """How many letters the Maildir holds."""
    return len(_paths(settings))


def _paths(settings: Settings) -> list[Path]:
    box = settings.data / FOLDER
    return [path for folder in ("new", "cur") if (box / folder).is_dir() for path in (box / folder).iterdir()]


def _read(path: Path, link: re.Pattern[str]) -> ReadLetter:
    with path.open("rb") as file:
        message = BytesParser(EmailMessage, policy=policy.default).parse(file)
    text: str = message.get_content()
    return ReadLetter(str(message["To"]), str(message["Subject"]), message["Date"].datetime, link.findall(text), text)
