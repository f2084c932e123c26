"""A dry run: everything that an upload goes through, and nothing of it stays but a line in the history."""

from __future__ import annotations

import io
from typing import Any

import pytest

from portal.tokens import service as tokens
from portal.tokens.limits import NewProject, UploadsLeft
from portal.uploads.keep import Taken
from portal.uploads.receive import Body
from portal.uploads.service import Sent, take
from tests.support.site import Site
from tests.tokens.made import basic
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, body, wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_legacy import Tool, reason


def check(uploader: Uploader, artefact: Artefact, token: str = "") -> Any:
    """A dry run; what the service answers."""
    raw = body(artefact)
    sent = Sent(basic(token or uploader.token), Body(CONTENT_TYPE, len(raw), io.BytesIO(raw)), dry=True)
    with uploader.instance.work(uploader.actor) as work:
        return take(work, sent)


def test_it_stores_nothing_and_says_so(site: Site, uploader: Uploader) -> None:
    tool = Tool(site, uploader.token)
    answer = site.post("/legacy/?check=1", body(wheel()), headers={"Content-Type": CONTENT_TYPE, **tool.authorization})
    assert answer.status_int == 200
    assert answer.text.startswith("Checked, nothing stored.")
    assert (uploader.filenames(), uploader.projects(), uploader.stored()) == ([], [], [])
    assert uploader.history() == [("upload.checked", {"filename": wheel().filename, "token": "laptop"})]


def test_the_upload_after_it_is_taken_as_if_it_had_not_been(uploader: Uploader) -> None:
    assert check(uploader, wheel()) == Taken(wheel().filename, kept=False)
    assert uploader.send(wheel()) == Taken(wheel().filename)


def test_a_file_that_is_there_already_is_no_news(uploader: Uploader) -> None:
    uploader.send(wheel())
    assert check(uploader, wheel()) == Taken(wheel().filename, new=False, kept=False)


def test_what_an_upload_would_be_refused_for_is_refused_and_written_down(uploader: Uploader) -> None:
    assert check(uploader, wheel().holding(b"no archive")).code == "archive"
    assert [(kind, facts["code"]) for kind, facts in uploader.history()] == [("upload.refused", "archive")]


def test_a_name_that_is_taken_is_found_though_nothing_is_written(uploader: Uploader) -> None:
    uploader.send(wheel())
    assert check(uploader, wheel(demo__more_py="x")).code == "file-exists"


@pytest.mark.parametrize("limit", [UploadsLeft(1), NewProject("demo")], ids=["one upload", "a new project"])
def test_it_uses_nothing_of_a_token_up(uploader: Uploader, limit: Any) -> None:
    with uploader.instance.work() as work:
        made = tokens.create(work, uploader.account_id, name="once", projects=None, expires_at=None, limits=[limit])
    for _time in range(2):
        assert check(uploader, wheel(), made.secret) == Taken(wheel().filename, kept=False)
    assert uploader.projects() == []


def test_new_projects_are_counted_as_if_they_were_made(uploader: Uploader) -> None:
    most = uploader.instance.settings.throttle_free * 2
    codes = [getattr(check(uploader, wheel(f"demo{number}")), "code", "") for number in range(most + 1)]
    assert codes == [""] * most + ["new-projects"]


@pytest.mark.parametrize("value", ["0", "true", "", "1&check=1"])
def test_another_value_is_refused_and_not_taken_for_an_upload(site: Site, uploader: Uploader, value: str) -> None:
    tool = Tool(site, uploader.token)
    headers = {"Content-Type": CONTENT_TYPE, **tool.authorization}
    answer = site.post(f"/legacy/?check={value}", body(wheel()), headers=headers, expect_errors=True)
    assert answer.status_int == 400
    assert "#check-value" in reason(answer)
    assert uploader.filenames() == []


@pytest.mark.parametrize("query", ["CHECK=1", "Check=1", "check=1&x=1", "dry-run", "x=", "=1", "check%20=1"])
def test_another_field_is_refused_and_not_taken_for_an_upload(site: Site, uploader: Uploader, query: str) -> None:
    tool = Tool(site, uploader.token)
    headers = {"Content-Type": CONTENT_TYPE, **tool.authorization}
    answer = site.post(f"/legacy/?{query}", body(wheel()), headers=headers, expect_errors=True)
    assert answer.status_int == 400
    assert "#check-value" in reason(answer)
    assert "Write ?check=1, or leave it out." in answer.text
    assert uploader.filenames() == []
