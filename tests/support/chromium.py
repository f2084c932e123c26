"""The one Chromium of the machine; nothing is downloaded."""

from __future__ import annotations

import shutil

import pytest

ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def chromium_path() -> str:
    """Where Chromium is; without it the test fails and says what to install."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is missing. On Debian: apt-get install chromium", pytrace=False)
    return path
