"""An index that is only read: nobody uploads, by tool or by hand, and every place that leads there says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.kernel.settings import MEGABYTE, Settings
from portal.kernel.work import Instance
from portal.uploads.front import refusal
from portal.web.errors import PROBLEM
from tests.index.shelf import add_file
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site
from tests.tokens.made import basic, minted
from tests.uploads.artefacts import wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_add import PATH, START, Sender, filenames
from tests.uploads.test_legacy import Tool, reason

CLOSED = Settings(data=Path("nowhere"), uploads="closed")
SAID = "This index takes no uploads at present."


@pytest.fixture
def closed(bed: Bed, uploader: Uploader) -> Uploader:
    """Mira, after the operator has closed the index."""
    return replace(uploader, instance=bed.assemble(uploads="closed").instance)


@pytest.mark.parametrize("path", ["/legacy/", "/legacy", START, PATH, "/en" + START])
@pytest.mark.parametrize("length", [None, 0, 10, 900 * MEGABYTE])
def test_the_headers_alone_are_enough_to_refuse(path: str, length: int | None) -> None:
    for headers in ({}, {"AUTHORIZATION": basic(minted())}, {"COOKIE": "session=x"}):
        found = refusal(path, headers, length, CLOSED)
        assert found is not None
        assert (found.code, found.status) == ("uploads-closed", 403)


def test_forms_that_are_no_uploads_come_through() -> None:
    assert refusal("/account/login/", {}, 10, CLOSED) is None


@pytest.mark.parametrize("query", ["", "?check=1"], ids=["upload", "dry run"])
def test_a_tool_is_told_why_and_what_helps(bed: Bed, closed: Uploader, query: str) -> None:
    tool = Tool(Site(bed.assemble(uploads="closed")), closed.token)
    answer = tool.site.post(f"/legacy/{query}", b"", headers=tool.authorization, expect_errors=True)
    assert answer.status_int == 403
    assert reason(answer).startswith(f"{SAID} Ask the people who run this index.")
    assert reason(answer).endswith("/help/uploads/#uploads-closed")


def test_whoever_opens_the_upload_address_in_a_browser_reads_it_there(bed: Bed) -> None:
    answer = Site(bed.assemble(uploads="closed")).get("/legacy/", expect_errors=True)
    assert answer.status_int == 403
    assert answer.text.startswith(SAID)


def test_nothing_is_looked_up_and_nothing_kept(closed: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("portal.uploads.service.policy.authenticate")
    with pytest.raises(Exception, match="uploads-closed"):
        closed.send(wheel())
    assert (closed.filenames(), closed.stored()) == ([], [])


def test_what_the_server_refuses_at_the_upload_address_has_the_words_of_the_cause(bed: Bed, closed: Uploader) -> None:
    tool = Tool(Site(bed.assemble(uploads="closed")), closed.token)
    environ = {PROBLEM: 403}
    answer = tool.site.post("/legacy/", headers=tool.authorization, extra_environ=environ, expect_errors=True)
    assert "#uploads-closed" in reason(answer)


def test_what_the_server_refuses_of_a_form_is_told_on_a_page(bed: Bed) -> None:
    answer = Site(bed.assemble(uploads="closed")).post(START, extra_environ={PROBLEM: 403}, expect_errors=True)
    assert (answer.status_int, answer.html.h1.text) == (403, "This index takes no uploads")
    assert "not signed in" not in answer.text


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """She owns the project demo, and 0.9 of it lies there."""
    person = make_person(instance, "ada")
    add_file(instance, "Demo", "0.9", owner=person.account_id)
    return person


@pytest.fixture
def site(bed: Bed, ada: Someone) -> Site:
    """Her browser in front of the index that is only read."""
    site = Site(bed.assemble(uploads="closed"))
    sign_in(site, ada)
    return site


@pytest.mark.parametrize("path", [START, PATH])
def test_the_page_says_why_there_is_no_form(site: Site, path: str) -> None:
    page = site.get(path)
    assert SAID in page.html.main.text
    assert page.html.title.text.startswith("This index takes no uploads")
    assert not page.html.main.select("form")


@pytest.mark.parametrize("path", [START, PATH])
def test_a_form_that_was_open_when_the_index_was_closed_keeps_nothing(
    bed: Bed, ada: Someone, instance: Instance, path: str
) -> None:
    before = Site(bed.application)
    sign_in(before, ada)
    form = last_form(before.get(path))
    now = Site(bed.assemble(uploads="closed"))
    now.cookiejar = before.cookiejar
    answer = Sender(now).post(form, wheel())
    assert answer.status_int == 403
    assert SAID in answer.html.main.text
    assert filenames(instance) == ["demo-0.9-py3-none-any.whl"]


def test_no_page_leads_to_an_upload(site: Site) -> None:
    for path in ("/manage/projects/", "/manage/project/demo/", "/manage/project/demo/releases/"):
        links = [link["href"] for link in site.get(path).html.main.select("a[href]")]
        assert not [link for link in links if link.endswith("/upload/")]


@pytest.mark.parametrize("path", ["/", "/help/uploads/", "/manage/projects/"])
def test_whoever_looks_how_to_upload_is_told(bed: Bed, site: Site, path: str) -> None:
    assert SAID in site.get(path).html.main.text
    opened: Any = Site(bed.application).get("/")
    assert SAID not in opened.html.main.text


def test_what_lies_there_is_read_and_managed_as_ever(site: Site) -> None:
    assert "demo-0.9-py3-none-any.whl" in site.get("/simple/demo/").text
    assert site.get("/manage/project/demo/release/0.9/yank/", expect_errors=True).status_int != 403
