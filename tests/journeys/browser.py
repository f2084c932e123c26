"""Real Chromium, with scripts and cookies allowed or blocked as a person would block them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.support.chromium import ARGUMENTS, chromium_path

BLOCK = 2


@dataclass(frozen=True)
class Blocking:
    """What a browser is allowed."""

    scripts: bool
    cookies: bool

    def __str__(self) -> str:
        return f"scripts {'on' if self.scripts else 'off'}, cookies {'on' if self.cookies else 'off'}"


FOUR = [Blocking(scripts, cookies) for scripts in (True, False) for cookies in (True, False)]


@contextmanager
def chromium(playwright: Playwright, folder: Path, blocking: Blocking) -> Iterator[Page]:
    """A page of a browser whose profile lies in the folder.

    Cookies are blocked in the profile's preferences, as its settings page does it. Taking the headers away in
    a route handler does not: the browser still sends them.
    """
    profile = folder / "profile"
    (profile / "Default").mkdir(parents=True)
    if not blocking.cookies:
        choices = {"profile": {"default_content_setting_values": {"cookies": BLOCK}}}
        (profile / "Default" / "Preferences").write_text(json.dumps(choices))
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium_path(), args=ARGUMENTS, java_script_enabled=blocking.scripts
    )
    try:
        yield context.new_page()
    finally:
        context.close()
