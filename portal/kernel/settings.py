"""Settings: read once at start, checked, and refused with a sentence that says what to write instead."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_type_hints
from urllib.parse import urlsplit

from portal.kernel.mailing import MAILDIR, MailServer, Starttls, is_sender, read_mail_server
from portal.kernel.written import UnsafeSettings, convert, is_host

PREFIX = "doorward."
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MEGABYTE = 1024 * 1024
MOST_DAYS = 36500
CONTACT = re.compile(r"(?:https://|mailto:|tel:)[!-~]+")
LANGUAGES = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:, ?[A-Za-z][A-Za-z0-9-]*)*")

Registration = Literal["open", "invite", "closed"]
Cookieless = Literal["url", "off"]
TwoFactor = Literal["optional", "required"]
Reading = Literal["public", "members"]
PackageRules = Literal["private", "public"]
Uploads = Literal["open", "known-projects", "closed"]
Letters = Literal["sent", "here", "kept"]
UploadPolicy = Literal["token-only", "token-only-with-2fa", "password-or-token"]


@dataclass(frozen=True)
class Settings:
    """Everything an operator can choose. Keys of the `.ini` are `doorward.NAME`; `DOORWARD_NAME` overrides them."""

    data: Path
    base_url: str = "http://localhost:6543"
    database_url: str = field(default="", repr=False)
    site_name: str = "Doorward"
    contact: str = ""
    mail: str = MAILDIR
    mail_password: str = field(default="", repr=False)
    mail_password_file: Path | None = None
    mail_starttls: Starttls | None = None
    mail_from: str = ""
    letter_language: str = "en"
    registration: Registration | None = None
    cookieless: Cookieless = "url"
    reading: Reading = "public"
    two_factor: TwoFactor = "optional"
    uploads: Uploads = "open"
    upload_policy: UploadPolicy = "token-only"
    upload_limit: int = 100 * MEGABYTE
    receiving_limit: int = 512 * MEGABYTE
    project_limit: int = 10 * 1024 * MEGABYTE
    release_days: int = 0
    package_rules: PackageRules = "private"
    reserved_names: str = ""
    description_images: bool = False
    token_days: int = 0
    disclosure_keys: str = ""
    mint_tokens: bool = False
    form_limit: int = MEGABYTE
    throttle_free: int = 10
    breached_passwords: Path | None = None
    argon2_memory_kib: int = 64 * 1024
    argon2_rounds: int = 3
    argon2_at_once: int = 2
    run_worker: bool = True
    trusted_proxy: str = ""
    security_contact: str = ""
    security_expires: datetime | None = None
    security_policy: str = ""
    security_languages: str = ""

    @property
    def host(self) -> str:
        """``host[:port]`` of `base_url`: what a Host header must say, and the location of API tokens."""
        return urlsplit(self.base_url).netloc

    @property
    def loopback(self) -> bool:
        """Whether the instance is reached on this machine only."""
        return (urlsplit(self.base_url).hostname or "") in LOOPBACK

    @property
    def https(self) -> bool:
        """Whether people reach it over TLS."""
        return self.base_url.startswith("https://")

    @property
    def registers(self) -> Registration:
        """Who may register; open by default on loopback only."""
        return self.registration or "open"

    @property
    def takes_uploads(self) -> bool:
        """Whether anybody can upload a file."""
        return self.uploads != "closed"

    @property
    def takes_new_projects(self) -> bool:
        """Whether the first upload of a new name makes a project."""
        return self.uploads == "open"

    @property
    def limited_mode(self) -> bool:
        """Whether people whose browser takes no cookie can sign in."""
        return self.cookieless == "url" and (self.https or self.loopback)

    @property
    def mail_server(self) -> MailServer | None:
        """The server that letters are handed to; None where they only go to the Maildir."""
        return read_mail_server(self.mail, self.mail_starttls, loopback=LOOPBACK)

    @property
    def letters(self) -> Letters:
        """Where letters go: "sent" to their readers; "here", on the one machine from which the instance is reached; or
        "kept" here although its readers are elsewhere: they have to ask for theirs.
        """
        if self.mail_server is not None:
            return "sent"
        return "here" if self.loopback else "kept"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database; by default a SQLite file in the data directory."""
        return self.database_url or f"sqlite:///{self.data / 'doorward.sqlite3'}"


def read_settings(given: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from an `.ini` section and the environment. Raises UnsafeSettings."""
    values: dict[str, Any] = {}
    hints = get_type_hints(Settings)
    for name in (known.name for known in fields(Settings)):
        text = environ.get(f"DOORWARD_{name.upper()}", given.get(PREFIX + name))
        if text is not None and text != "":
            values[name] = convert(name, hints[name], text)
    if "data" not in values:
        raise UnsafeSettings("doorward.data is missing: write the path of the data directory.")
    settings = Settings(**values)
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Refuse what would be unsafe. Raises UnsafeSettings."""
    parts = urlsplit(settings.base_url)
    if parts.scheme not in {"http", "https"} or not is_host(parts.netloc) or parts[2:] != ("", "", ""):
        raise UnsafeSettings(
            "doorward.base_url must look like https://packages.example.org, with no path behind the host."
        )
    if not settings.https and not settings.loopback:
        raise UnsafeSettings("doorward.base_url must begin with https:// unless the host is localhost.")
    if settings.registration is None and not settings.loopback:
        raise UnsafeSettings("doorward.registration must say who may register: write open, invite or closed.")
    if settings.breached_passwords and not settings.breached_passwords.is_file():
        raise UnsafeSettings(
            "doorward.breached_passwords must be the path of a file with SHA-1 hashes of published passwords."
        )
    if max(settings.release_days, settings.token_days) > MOST_DAYS:
        raise UnsafeSettings("doorward.release_days and doorward.token_days must be at most 36500. 0 means no end.")
    _check_mail(settings)
    _check_proxy(settings)
    _check_security(settings)


def _check_mail(settings: Settings) -> None:
    try:
        read_mail_server(settings.mail, settings.mail_starttls, loopback=LOOPBACK)
    except ValueError as error:
        raise UnsafeSettings(str(error)) from None
    if settings.mail_from and not is_sender(settings.mail_from):
        raise UnsafeSettings("doorward.mail_from must be an e-mail address such as packages@example.org.")


def _check_proxy(settings: Settings) -> None:
    try:
        if settings.trusted_proxy:
            ipaddress.ip_address(settings.trusted_proxy)
    except ValueError as error:
        raise UnsafeSettings(
            "doorward.trusted_proxy must be the IP address from which your proxy connects, for example 127.0.0.1."
        ) from error


def _check_security(settings: Settings) -> None:
    contacts = settings.security_contact.split()
    if not all(CONTACT.fullmatch(contact) for contact in contacts):
        raise UnsafeSettings(
            "doorward.security_contact must hold addresses such as mailto:security@example.org or https://…,"
            " with spaces between them."
        )
    if contacts and settings.security_expires is None:
        raise UnsafeSettings(
            "doorward.security_expires is missing: write until when doorward.security_contact is right,"
            " for example 2027-06-30."
        )
    if settings.security_policy and not CONTACT.fullmatch(settings.security_policy):
        raise UnsafeSettings("doorward.security_policy must be an address such as https://example.org/security.")
    if settings.security_languages and not LANGUAGES.fullmatch(settings.security_languages):
        raise UnsafeSettings("doorward.security_languages must look like: en, fr")
