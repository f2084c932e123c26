"""That a browser really blocks what it says, and that nothing secret was written down on the way."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.browser import Blocking
from tests.journeys.person import HANDLE
from tests.journeys.recorder import Recorder


def prove_blocking(page: Page, blocking: Blocking, recorder: Recorder) -> None:
    """What is blocked is blocked, and what is allowed arrives."""
    for _ in range(2):
        page.goto(f"http://localhost:{recorder.listen}/-/control")
    assert any(one.path == "/-/ran" for one in recorder.from_browser()) == blocking.scripts
    assert any("control=1" in (one.cookie or "") for one in recorder.from_browser()) == blocking.cookies


def handles_seen(blocking: Blocking, recorder: Recorder, log: str) -> set[str]:
    """The handles of limited mode that went over the wire. Where cookies are blocked the browser sent none at all."""
    sent = [one.cookie for one in recorder.from_browser() if one.cookie]
    assert any("session=" in cookie for cookie in sent) if blocking.cookies else sent == []
    handles = {found[0] for one in recorder.seen if (found := HANDLE.match(one.path))}
    assert not any(handle in log for handle in handles)
    assert "Traceback" not in log
    return handles
