"""Handing over the link for the first administrator: to a terminal, else in a file that only its owner reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from portal.accounts import first_admin
from portal.kernel.work import Instance

FILE = "first-administrator-link.txt"
PATH = "/account/first-administrator/{ticket}/"
LOST = (
    "The data directory holds keys or files, but the database is empty. Restore the database from a backup,"
    " or name the right one in doorward.ini. To begin anew, choose an empty data directory."
)


def hand_over(instance: Instance, tell: Callable[[str], object]) -> first_admin.Standing:
    """Issue a link if one is due and show it where only the operator looks; how the instance stands.

    Without a terminal, `tell` gets the path of the file.
    """
    with instance.work() as work:
        standing = first_admin.standing(work, remains=True)
        secret = first_admin.issue(work, remains=True)
    path = instance.settings.data / FILE
    if secret is None:
        path.unlink(missing_ok=True)
    else:
        _show(instance.settings.base_url + PATH.format(ticket=secret), path, tell)
    return standing


def _show(link: str, path: Path, tell: Callable[[str], object]) -> None:
    if sys.stdout.isatty():
        print("This Doorward has no administrator yet. Open this link within an hour to become the first:")
        print(f"  {link}", flush=True)
    else:
        _write(path, link)
        tell(f"This Doorward has no administrator yet. The link to become the first, valid for an hour, is in {path}")


def _write(path: Path, link: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{link}\n")
