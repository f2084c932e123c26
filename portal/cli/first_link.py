"""Handing over the link for the first administrator: to a terminal, else in a file that only its owner reads."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from portal.accounts import first_admin
from portal.kernel.work import Instance

FILE = "first-administrator-link.txt"

log = logging.getLogger("doorward.first")


def hand_over(instance: Instance) -> bool:
    """Issue a link and show it where only the operator looks; whether there was still one to issue."""
    with instance.work() as work:
        link = first_admin.issue(work)
    path = instance.settings.data / FILE
    if link is None:
        path.unlink(missing_ok=True)
        return False
    if sys.stdout.isatty():
        print("This Doorward has no administrator yet. Open this link within an hour to become the first:")
        print(f"  {link}", flush=True)
    else:
        _write(path, link)
        log.warning("no administrator yet: the link to become the first one, good for an hour, is in %s", path)
    return True


def _write(path: Path, link: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{link}\n")
