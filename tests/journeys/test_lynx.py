"""Signing in with a text browser that takes no cookie."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.lynx import Lynx
from tests.journeys.person import HANDLE
from tests.journeys.recorder import Recorder
from tests.support.serving import Doorward
from tests.support.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


def test_lynx_without_cookies_signs_in_reads_on_and_signs_out(
    doorward: Doorward, recorder: Recorder, tmp_path: Path
) -> None:
    Visitor(doorward).register_first()
    lynx = Lynx(tmp_path, recorder, f"{doorward.url}/account/login/")
    try:
        lynx.arrives("Sign in")
        lynx.type("username", "ada")
        lynx.type("password", PASSWORD)
        lynx.press("Sign in")
        lynx.arrives("Your browser takes no cookies")
        lynx.press("Continue in limited mode")
        overview = lynx.arrives("Your account")
        assert HANDLE.match(overview.path)
        lynx.press("Security history")
        history = lynx.arrives("Security history")
        assert HANDLE.match(history.path)[0] == HANDLE.match(overview.path)[0]
        lynx.press("Sign out")
        lynx.arrives("You are signed out")
    finally:
        lynx.close()
    sent = [one for one in recorder.seen if "Lynx" in one.agent]
    assert len(sent) >= 6
    assert [one for one in sent if one.cookie] == []
    assert Visitor(doorward, takes_cookies=False).open(overview.path).status == 404
