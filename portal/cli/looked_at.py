"""What `doorward doctor` has looked at, one line a subject: who reads that nothing is wrong wants to know of what."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from portal.kernel.settings import Settings
from portal.language.formats import format_bytes
from portal.notices.service import sender
from portal.notices.transport import FOLDER

LITTLE_SPACE = 10
"""So many of the largest uploads must fit on the disk."""


def subjects(settings: Settings, *, mail_taken: bool) -> Iterator[str]:
    """A line for each. `mail_taken`: whether the mail server has just taken the sender."""
    yield f"Address: {settings.base_url}"
    yield f"People: reading is {settings.reading}, registration is {settings.registers}"
    yield f"Contact: {settings.contact or 'none'}"
    yield f"Mail: {_mail(settings, taken=mail_taken)}"
    yield f"Database: {make_url(settings.database).render_as_string(hide_password=True)}"
    yield f"Disk: {format_bytes(free(settings), 'en')} free for {settings.data}"
    yield f"Passwords stolen elsewhere: {settings.breached_passwords or 'no list'}"
    until = settings.security_expires
    yield f"security.txt: {f'until {until.date().isoformat()}' if until else 'none'}"


def full(settings: Settings) -> Iterator[str]:
    """Whether the disk is nearly full."""
    left = free(settings)
    if left < LITTLE_SPACE * settings.upload_limit:
        yield (
            f"Only {format_bytes(left, 'en')} are free on the disk of {settings.data}. When it is full nothing is taken"
            " any more, neither files nor sign-ins. Make room, or move the data to a larger disk."
        )


def free(settings: Settings) -> int:
    """How many bytes are free where the data lie, or will lie."""
    existing = next(folder for folder in (settings.data, *settings.data.parents, Path("/")) if folder.exists())
    return shutil.disk_usage(existing).free


def _mail(settings: Settings, *, taken: bool) -> str:
    server = settings.mail_server
    if server is None:
        return f"letters stay in {settings.data / FOLDER}"
    says = "takes letters" if taken else "can't be used now for letters"
    return f"{server.host}, port {server.port}, {says} from {sender(settings)}"
