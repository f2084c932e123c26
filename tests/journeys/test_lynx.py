"""Signing in, and choosing a new password, with a text browser that takes no cookie."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.lynx import Lynx
from tests.journeys.person import HANDLE
from tests.journeys.recorder import Recorder
from tests.journeys.timed import TimedDoorward
from tests.support.serving import Doorward, links
from tests.support.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


def test_lynx_without_cookies_signs_in_reads_on_and_signs_out(
    doorward: Doorward, recorder: Recorder, tmp_path: Path
) -> None:
    Visitor(doorward).register_first()
    with closing(Lynx(tmp_path, recorder, f"{doorward.url}/account/login/")) as lynx:
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
    sent = [one for one in recorder.seen if "Lynx" in one.agent]
    assert len(sent) >= 6
    assert [one for one in sent if one.cookie] == []
    assert Visitor(doorward, takes_cookies=False).open(overview.path).status == 404


def test_lynx_without_cookies_replaces_a_forgotten_password(
    timed: TimedDoorward, recorder: Recorder, tmp_path: Path
) -> None:
    Visitor(timed).register_first()
    with closing(Lynx(tmp_path, recorder, f"{timed.url}/account/login/")) as lynx:
        lynx.arrives("Sign in")
        lynx.press("Forgotten your password?")
        lynx.arrives("Forgotten your password?")
        lynx.type("username", "ada")
        lynx.press("Send me the letter")
        lynx.arrives("Check your mail")
    chosen = "eleven copper kettles beneath the bridge"
    letter = timed.letter("ada@example.org", "Choose a new password")
    with closing(Lynx(tmp_path, recorder, links(letter)[0])) as lynx:
        lynx.arrives("Choose a new password")
        lynx.type("new_password", chosen)
        lynx.type("new_password_again", chosen)
        lynx.press("Change password")
        lynx.arrives("Password changed")
        lynx.press("Sign in")
        lynx.arrives("Sign in")
        lynx.type("username", "ada")
        lynx.type("password", chosen)
        lynx.press("Sign in")
        lynx.arrives("Your browser takes no cookies")
    assert [one for one in recorder.seen if "Lynx" in one.agent and one.cookie] == []
