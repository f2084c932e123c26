"""The mail server that a setting names: ``smtp://user@host:587`` or ``smtps://host:465``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

MAILDIR = "maildir"
PORTS = {"smtp": 587, "smtps": 465}
NAME = re.compile(r"[A-Za-z0-9.:-]+")
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
EXAMPLE = "smtp://user@mail.example.org:587"

Encryption = Literal["starttls", "tls", "none"]
Starttls = Literal["required", "off"]


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over. `user` is empty where the server asks for no password."""

    host: str
    port: int
    user: str
    encryption: Encryption


def read_mail_server(text: str, starttls: Starttls | None, *, loopback: frozenset[str]) -> MailServer | None:
    """The server that `doorward.mail` names, or None for the Maildir.

    Without a word on it STARTTLS is required, except on this machine. Raises ValueError with a sentence
    that says what to write; it repeats nothing of what was written, which may be a password.
    """
    if text == MAILDIR:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(_example()) from None
    if parts.scheme not in PORTS or parts[2:] not in {("", "", ""), ("/", "", "")} or not NAME.fullmatch(host):
        raise ValueError(_example())
    if parts.password is not None:
        raise ValueError(
            "doorward.mail must not hold a password: write it as doorward.mail_password, or the path of a file that"
            " holds it as doorward.mail_password_file."
        )
    here = host in loopback
    encryption: Encryption = "tls" if parts.scheme == "smtps" else _starttls(starttls, here=here)
    user = unquote(parts.username or "")
    if not (user.isascii() and user.isprintable()):
        raise ValueError(_example())
    if user and encryption == "none" and not here:
        raise ValueError(
            "doorward.mail_starttls = off would send the password readable over the network: take it out, or take the"
            " user out of doorward.mail."
        )
    return MailServer(host, port or PORTS[parts.scheme], user, encryption)


def is_sender(text: str) -> bool:
    """Whether letters can come from there: an ordinary ASCII address."""
    return ADDRESS.fullmatch(text) is not None


def _starttls(starttls: Starttls | None, *, here: bool) -> Encryption:
    return "starttls" if starttls == "required" or (starttls is None and not here) else "none"


def _example() -> str:
    return f"doorward.mail must be {MAILDIR}, or a mail server such as {EXAMPLE} or smtps://mail.example.org:465."
