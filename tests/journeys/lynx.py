"""The text browser lynx, driven by keys on a terminal, with cookies off.

Where the cursor must go is worked out from the page's HTML, as the recorder saw it pass: lynx steps through links and
controls in their order.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from bs4 import BeautifulSoup, Tag

from tests.journeys.recorder import Page, Recorder
from tests.support.serving import PATIENCE_SECONDS, eventually

DOWN = "\x1b[B"
ENTER = "\r"
REDRAW = "\x0c"
ROWS, COLUMNS = 300, 100
TERMINAL = {"TERM": "vt100", "LC_ALL": "C.UTF-8"}
SETTINGS = "SET_COOKIES:FALSE\nCHARACTER_SET:utf-8\nTEXTFIELDS_NEED_ACTIVATION:FALSE\n"
STOPS = "a[href], input:not([type=hidden]), button, select, textarea"


class Lynx:
    """One running lynx. It starts at an address, waits for each page and then moves on it."""

    def __init__(self, folder: Path, recorder: Recorder, url: str) -> None:
        path = shutil.which("lynx")
        if path is None:
            pytest.fail("lynx is missing. On Debian: apt-get install lynx", pytrace=False)
        (folder / "lynx.cfg").write_text(SETTINGS)
        self.recorder = recorder
        self.read = len(recorder.pages)
        self.at = 0
        self.terminal = pexpect.spawn(
            path,
            ["-cookies=off", f"-cfg={folder / 'lynx.cfg'}", "-nopause", url],
            # Variables left over from another terminal would win over its real size.
            env={**os.environ, **TERMINAL, "LINES": str(ROWS), "COLUMNS": str(COLUMNS), "HOME": str(folder)},
            dimensions=(ROWS, COLUMNS),
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )

    def close(self) -> None:
        """End it."""
        self.terminal.close(force=True)

    def arrives(self, heading: str) -> Page:
        """Wait until the page of this heading has come and stands on the screen."""

        def look() -> Page | None:
            new = [page for page in self.recorder.pages[self.read :] if f"<h1>{heading}</h1>" in page.html]
            return new[-1] if new else None

        page = eventually(look, f"a page headed {heading!r}")
        eventually(lambda: self.shows(heading), f"lynx to show {heading!r}")
        self.read = len(self.recorder.pages)
        self.stops = BeautifulSoup(page.html, "html.parser").select(STOPS)
        self.at = 0
        return page

    def shows(self, heading: str) -> bool:
        """Whether the heading stands on the screen. Lynx writes only what differs from the page before, so all of
        it is asked for again where the heading is not seen."""
        if self.terminal.expect_exact([heading, pexpect.TIMEOUT], timeout=1) == 0:
            return True
        self.terminal.send(REDRAW)
        return False

    def type(self, name: str, text: str) -> None:
        """Type into the field of this name."""
        self.move(lambda stop: stop.get("name") == name)
        self.terminal.send(text)

    def tick(self, name: str, value: str) -> None:
        """Tick the box, or choose the button, of this name and value."""
        self.move(lambda stop: stop.get("name") == name and stop.get("value") == value)
        self.terminal.send(ENTER)

    def press(self, words: str) -> None:
        """Follow the link or press the button with these words."""
        self.move(lambda stop: stop.name in {"a", "button"} and " ".join(stop.get_text().split()) == words)
        self.terminal.send(ENTER)

    def move(self, wanted: Callable[[Tag], bool]) -> None:
        """Step down to the next stop that is wanted."""
        target = next(place for place, stop in enumerate(self.stops) if place >= self.at and wanted(stop))
        self.terminal.send(DOWN * (target - self.at))
        self.at = target
