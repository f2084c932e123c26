"""The settings file of a data directory: written at the first start, read by every command.

`DATA/doorward.ini` is a PasteDeploy file, so that `pserve`, `pshell` and `proutes` read it as well.
"""

from __future__ import annotations

import argparse
import configparser
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plaster import PlasterURL
from plaster_pastedeploy import Loader

from portal.app.server import DEFAULT_LISTEN, port_of, reached_at
from portal.kernel.settings import Settings, read_settings
from portal.kernel.written import UnsafeSettings

FILE = "doorward.ini"
FIRST_FILE = """\
# The settings of this Doorward. An environment variable of the same name wins:
# DOORWARD_BASE_URL over doorward.base_url, and so on.

[app:main]
use = egg:doorward
doorward.data = %(here)s

# The address by which people and programs reach it: every link begins with it. By default http://localhost with the
# port on which it listens. What each setting means, and which others there are: docs/operating.md.
# doorward.base_url = https://packages.example.org

# What people read as the name of this index, and where they can write to its people.
# doorward.site_name = Doorward
# doorward.contact = mailto:packages@example.org

# How letters leave this machine. By default they are only put into the folder mail beside this file.
# doorward.mail = smtp://user@mail.example.org:587
# doorward.mail_password_file = /etc/doorward/mail-password
# doorward.mail_from = packages@example.org

# The language of letters to people who have not chosen one.
# doorward.letter_language = en

# Who may register: open (everybody), invite (who got a letter: doorward user invite), or closed (nobody).
# doorward.registration = open

# Who may read the index: public, or members (people sign in, installers send an API token for downloads).
# See docs/private-index.md.
# doorward.reading = public

# Whether accounts need two-factor authentication: optional or required. What uploads need: token-only,
# token-only-with-2fa, or password-or-token (passwords only of accounts without two-factor authentication).
# doorward.two_factor = optional
# doorward.upload_policy = token-only

# Who may upload: open (everybody with a role, and new names make projects), known-projects (no new projects), or closed
# (nobody: the index is only read). After how many days a release takes no more files, and an API token must have ended;
# 0 is never. See docs/uploads.md and docs/tokens.md.
# doorward.uploads = open
# doorward.release_days = 0
# doorward.token_days = 0

# A file with SHA-1 hashes of passwords that were stolen elsewhere: nobody can choose them. See docs/security.md.
# doorward.breached_passwords = /var/lib/doorward/pwned.txt

# The address from which a proxy in front of it connects. See docs/limited-mode.md.
# doorward.trusted_proxy = 127.0.0.1

# The public keys of a secret scanner that reports found tokens, and whether programs get tokens for password and code.
# See docs/tokens.md.
# doorward.disclosure_keys = /etc/doorward/scanner-keys.json
# doorward.mint_tokens = false

# Whom to tell of a weakness, and until when that is right: /.well-known/security.txt.
# doorward.security_contact = mailto:security@example.org
# doorward.security_expires = 2027-06-30

[server:main]
use = egg:doorward
listen = localhost:{port}
"""


class Failure(Exception):
    """A command can't do what it was asked for; the message is a sentence for the person who ran it."""


@dataclass(frozen=True)
class Configuration:
    """What a data directory says: the settings, and where to listen (``host:port``, several with spaces between)."""

    settings: Settings
    listen: str


def open_configuration(data: Path, *, port: int | None = None, create: bool = True) -> Configuration:
    """Read the settings file of a data directory.

    Where there is none, one is written for the given port, or Failure is raised (`create=False`).
    Where neither file nor environment names a `base_url`, it is on this machine and follows the port.
    Raises UnsafeSettings.
    """
    path = data.resolve() / FILE
    if not path.exists():
        if not create:
            raise Failure(f"There is no Doorward in {data}. Start one with: {command('serve', data)}")
        _write_first(path, port or port_of(DEFAULT_LISTEN))
    given, server = _read(path)
    # The folder was named on the command line, or came from this very variable.
    environ = {name: value for name, value in os.environ.items() if name != "DOORWARD_DATA"}
    listen = server.get("listen") or DEFAULT_LISTEN
    return Configuration(read_settings(reached_at(given, listen, port=port), environ), listen)


def add_data(parser: argparse.ArgumentParser, *, default: Path | str) -> None:
    """The option that names the data directory. A subcommand's own leaves alone what stood before it."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=default,
        help="the data directory, with its doorward.ini (DOORWARD_DATA, or var)",
    )


def command(name: str, data: Path, *more: str) -> str:
    """How the person who reads it runs a subcommand, ready to be copied into a shell."""
    program = "doorward" if shutil.which("doorward") else sys.argv[0]
    return shlex.join([program, name, "--data", str(data), *more])


def _read(path: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    try:
        loader = Loader(PlasterURL("file+ini", path=str(path)))
        return loader.get_settings("app:main"), loader.get_settings("server:main")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise UnsafeSettings(f"{path} can’t be read: {error}") from error


def _write_first(path: Path, port: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The file may later hold the password of a database.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(FIRST_FILE.format(port=port))
