"""`/simple/NAME/`: what installers read of one project."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import event, select
from webob import Request, Response

from portal.index import service, simple
from portal.index.models import ROOT, Rendering
from portal.index.stale import mark_stale
from portal.index.views import stored
from portal.kernel.rows import PreparedRow
from portal.kernel.work import Instance
from tests.index.shelf import CONTENT, UPLOADER, add_file, second, set_status
from tests.support.clock import NOON, FixedClock
from tests.support.races import at_once
from tests.support.site import Site

HTML = "application/vnd.pypi.simple.v1+html"
JSON = "application/vnd.pypi.simple.v1+json"
PAGE = "/simple/sample-project/"


class Anchors(HTMLParser):
    """The attributes of every link of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.metas: dict[str | None, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))
        if tag == "meta":
            given = dict(attrs)
            self.metas[given.get("name")] = given.get("content")


def get(site: Site, path: str = PAGE, **headers: str) -> Any:
    return site.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def raw(site: Site, **headers: str) -> Response:
    """The answer as it leaves the application: WebTest unpacks what is packed."""
    asked = Request.blank(PAGE, headers={name.replace("_", "-"): value for name, value in headers.items()})
    asked.environ.update(site.extra_environ)
    return asked.get_response(site.app)


def told(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(site, Accept=JSON).body)
    return found


def test_json_tells_everything_that_the_standards_name(instance: Instance, site: Site) -> None:
    file = add_file(instance, metadata=b"Metadata-Version: 2.1\n", requires_python=">=3.8,<4")
    assert told(site) == {
        "meta": {"api-version": "1.4", "_last-serial": 2},
        "name": "sample-project",
        "project-status": {"status": "active"},
        "versions": ["1.0"],
        "files": [
            {
                "filename": file.filename,
                "url": f"/files/{file.path}",
                "hashes": {"sha256": hashlib.sha256(CONTENT).hexdigest()},
                "size": len(CONTENT),
                "upload-time": "2026-06-01T12:00:00.000000Z",
                "requires-python": ">=3.8,<4",
                "yanked": False,
                "core-metadata": {"sha256": hashlib.sha256(b"Metadata-Version: 2.1\n").hexdigest()},
            }
        ],
    }


def test_html_tells_the_same_in_attributes_but_neither_size_nor_time(instance: Instance, site: Site) -> None:
    file = add_file(instance, metadata=b"x", requires_python=">=3.8", yanked=True, yanked_reason='broken <on> "x"')
    answer = get(site)
    page = Anchors(answer.text)
    digest = f"sha256={hashlib.sha256(b'x').hexdigest()}"
    assert page.found == [
        {
            "href": f"/files/{file.path}#sha256={file.sha256}",
            "data-requires-python": ">=3.8",
            "data-core-metadata": digest,
            "data-dist-info-metadata": digest,
            "data-yanked": 'broken <on> "x"',
        }
    ]
    assert page.metas["pypi:repository-version"] == "1.4"
    assert page.metas["pypi:project-status"] == "active"
    assert '<html lang="en" dir="ltr">' in answer.text
    assert "<title>Files of sample-project</title>" in answer.text


def test_a_yanked_file_gives_its_reason_or_just_says_so(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0", yanked=True)
    add_file(instance, version="2.0", yanked=True, yanked_reason="bad build")
    add_file(instance, version="3.0")
    assert [file["yanked"] for file in told(site)["files"]] == [True, "bad build", False]


def test_files_and_versions_come_in_the_order_of_versions(instance: Instance, site: Site) -> None:
    for version in ("1.10", "1.9", "1.10rc1"):
        add_file(instance, version=version)
    assert told(site)["versions"] == ["1.9", "1.10rc1", "1.10"]
    assert [file["filename"].split("-")[1] for file in told(site)["files"]] == ["1.9", "1.10rc1", "1.10"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        (f"{JSON}, {HTML}; q=0.1, text/html; q=0.01", JSON),
        (f"{HTML};q=0.5, {JSON};q=0.2", HTML),
        ("application/vnd.pypi.simple.latest+json", JSON),
        ("application/vnd.pypi.simple.latest+html, text/html;q=0.1", HTML),
        (f"{JSON};q=0, */*", "text/html"),
        ("image/png", "text/html"),
        ("not a header;;", "text/html"),
    ],
)
def test_the_client_s_best_format_is_sent(instance: Instance, site: Site, accept: str | None, expected: str) -> None:
    add_file(instance)
    answer = get(site, **({"Accept": accept} if accept else {}))
    assert answer.content_type == expected
    assert {"Accept", "Accept-Encoding"} <= set(answer.vary)
    assert answer.body.startswith(b"{" if expected == JSON else b"<!DOCTYPE html>")


def test_the_format_can_be_asked_for_in_the_address(instance: Instance, site: Site) -> None:
    add_file(instance)
    assert get(site, f"{PAGE}?format={JSON.replace('+', '%2B')}").content_type == JSON
    assert get(site, f"{PAGE}?format=nonsense", Accept=JSON).content_type == JSON


@pytest.mark.parametrize("spelling", ["Sample_Project", "sample.project", "SAMPLE--PROJECT"])
def test_another_spelling_leads_to_the_normalized_name(instance: Instance, site: Site, spelling: str) -> None:
    add_file(instance)
    answer = get(site, f"/simple/{spelling}/?format=x")
    assert answer.status_int == 301
    assert answer.location == f"{instance.settings.base_url}{PAGE}?format=x"


def test_without_the_slash_an_address_leads_to_the_one_with_it(instance: Instance, site: Site) -> None:
    add_file(instance)
    assert get(site, PAGE.rstrip("/")).location.endswith(PAGE)


def test_an_unknown_project_is_a_short_404(site: Site) -> None:
    answer = site.get("/simple/nothing-here/", status=404)
    assert answer.content_type == "text/plain"
    assert answer.text == "There is no project of this name on this index.\n"


def test_gzip_goes_to_clients_that_take_it_and_holds_the_same(instance: Instance, site: Site) -> None:
    add_file(instance)
    plain = raw(site, Accept=JSON)
    packed = raw(site, Accept=JSON, Accept_Encoding="gzip, deflate, br")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for refused in ("identity", "gzip;q=0", "br", "identity;q=1, gzip;q=0.5"):
        assert "Content-Encoding" not in raw(site, Accept=JSON, Accept_Encoding=refused).headers


def test_who_has_the_page_already_gets_304(instance: Instance, site: Site) -> None:
    add_file(instance)
    for headers in ({"Accept": JSON}, {"Accept": HTML}, {"Accept_Encoding": "gzip"}):
        etag = get(site, **headers).headers["ETag"]
        for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = get(site, If_None_Match=sent, **headers)
            assert answer.status_int == 304
            assert answer.body == b""
            assert answer.headers["ETag"] == etag
            assert "Content-Type" not in answer.headers
        assert get(site, If_None_Match='"other"', **headers).status_int == 200


def test_every_format_and_encoding_has_its_own_etag(instance: Instance, site: Site) -> None:
    add_file(instance)
    ways = [(kind, coding) for kind in ("text/html", HTML, JSON) for coding in ("gzip", "identity")]
    assert len({get(site, Accept=kind, Accept_Encoding=coding).headers["ETag"] for kind, coding in ways}) == 6


def test_a_date_answers_304_only_when_no_second_change_can_have_the_same_one(
    instance: Instance, site: Site, clock: FixedClock
) -> None:
    add_file(instance)
    assert "Last-Modified" not in get(site).headers
    assert get(site, If_Modified_Since=second(NOON)).status_int == 200
    clock.advance(timedelta(seconds=2))
    assert get(site).headers["Last-Modified"] == second(NOON)
    assert get(site, If_Modified_Since=second(NOON)).status_int == 304
    assert get(site, If_Modified_Since=second(NOON - timedelta(seconds=1))).status_int == 200
    assert get(site, If_Modified_Since="yesterday").status_int == 200
    assert get(site, If_Modified_Since=second(NOON), If_None_Match='"other"').status_int == 200


def test_an_upload_shows_at_once_and_changes_the_etag(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0")
    before = get(site, Accept=JSON).headers["ETag"]
    add_file(instance, version="2.0")
    after = get(site, Accept=JSON, If_None_Match=before)
    assert after.status_int == 200
    assert json.loads(after.body)["versions"] == ["1.0", "2.0"]


def test_an_upload_that_is_rolled_back_leaves_the_page_as_it_is(instance: Instance, site: Site) -> None:
    add_file(instance)
    etag = get(site).headers["ETag"]
    work = instance.open()
    mark_stale(work, "sample-project")
    work.db.rollback()
    work.db.close()
    assert get(site).headers["ETag"] == etag
    with instance.work(write=False) as read:
        assert not any(read.db.scalars(select(Rendering.stale).where(Rendering.kind == "html", Rendering.name != "")))


def test_a_stored_page_is_served_from_one_row(instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_file(instance)
    get(site)
    asked: list[str] = []
    read = PreparedRow.read

    def note(row: PreparedRow, **values: str) -> Any:
        asked.append(values["name"])
        return read(row, **values)

    def other(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    monkeypatch.setattr(PreparedRow, "read", note)
    event.listen(instance.database.engine, "before_cursor_execute", other)
    try:
        get(site)
    finally:
        event.remove(instance.database.engine, "before_cursor_execute", other)
    assert asked == ["sample-project"]


def test_of_fifty_first_readers_one_renders(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    add_file(instance)
    rendered: list[str] = []
    render = simple.project_json
    monkeypatch.setattr(
        simple, "project_json", lambda facts, serial: rendered.append(facts.name) or render(facts, serial)
    )

    def read() -> bytes:
        with instance.work(write=False) as work:
            return service.page(work, "sample-project", "json", compressed=False).body

    assert len(set(at_once(read))) == 1
    assert rendered == ["sample-project"]


def test_an_upload_during_the_rendering_leaves_the_page_stale(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_file(instance, version="1.0")
    render = simple.project_json

    def slow(facts: simple.ProjectFacts, serial: int) -> bytes:
        monkeypatch.setattr(simple, "project_json", render)
        add_file(instance, version="2.0")
        return render(facts, serial)

    monkeypatch.setattr(simple, "project_json", slow)
    assert told(site)["versions"] == ["1.0"]
    assert told(site)["versions"] == ["1.0", "2.0"]


def test_the_worker_renders_what_is_stale_before_anybody_asks(instance: Instance) -> None:
    add_file(instance)
    service.render_stale(instance)
    with instance.work(write=False) as work:
        rows = list(work.db.scalars(select(Rendering)))
    assert {(row.name, row.kind, row.stale) for row in rows} == {
        *((name, kind, False) for name in ("", "sample-project") for kind in ("html", "json")),
        ("sample-project", "pypi", False),
    }
    assert all(gzip.decompress(row.body_gzip) == row.body for row in rows)


def test_a_project_in_quarantine_offers_no_file(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    assert told(site)["files"] == []
    assert told(site)["project-status"] == {"status": "quarantined"}
    page = get(site)
    assert "This project is in quarantine. Its files are not offered." in page.text
    assert Anchors(page.text).metas["pypi:project-status"] == "quarantined"
    assert Anchors(page.text).found == []


def test_an_archived_project_offers_its_files_and_says_what_it_is(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "archived")
    assert len(told(site)["files"]) == 1
    assert told(site)["project-status"] == {"status": "archived"}
    assert "This project is archived. It gets no new releases." in get(site).text


def test_pages_are_sandboxed_and_every_copy_is_checked_before_use(instance: Instance, site: Site) -> None:
    add_file(instance)
    answer = get(site)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_head_has_the_headers_and_no_body(instance: Instance, site: Site) -> None:
    add_file(instance)
    answer = site.head(PAGE)
    assert answer.body == b""
    assert answer.headers["ETag"] == get(site).headers["ETag"]


def test_only_reading_is_allowed(instance: Instance, site: Site) -> None:
    add_file(instance)
    assert site.post(PAGE, status=405).headers["Allow"] == "GET, HEAD"


def test_nothing_of_it_is_below_a_language_or_a_handle(instance: Instance, site: Site) -> None:
    add_file(instance)
    site.get("/en-XA/simple/", status=404)
    site.get(f"/en-XA{PAGE}", status=404)


def test_headers_without_end_are_not_remembered(instance: Instance, site: Site) -> None:
    add_file(instance)
    before = stored._wish.cache_info().currsize
    for number in range(3):
        long = f"application/x{number}, " * 50 + JSON
        assert get(site, Accept=long).content_type == "text/html"
        site.get(f"/simple/sample-project/?format={number}{'x' * 300}", headers={"Accept-Encoding": f"x{number}" * 200})
    assert stored._wish.cache_info().currsize <= before + 2


def test_the_time_of_a_page_never_goes_back(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance)
    slow = instance.open(UPLOADER)
    clock.advance(timedelta(seconds=10))
    add_file(instance, version="1.1")
    clock.advance(timedelta(seconds=10))
    with instance.work(UPLOADER) as work:
        mark_stale(replace(work, now=slow.now), "sample-project")
    slow.db.close()
    clock.advance(timedelta(seconds=10))
    assert get(site).headers["Last-Modified"] == second(NOON + timedelta(seconds=20))
    clock.advance(timedelta(seconds=-20))
    with instance.work(UPLOADER) as work:
        mark_stale(work, "sample-project")
    clock.advance(timedelta(seconds=20))
    assert get(site).headers["Last-Modified"] == second(NOON + timedelta(seconds=20))


def test_a_page_whose_project_is_gone_keeps_no_other_waiting(instance: Instance) -> None:
    with instance.work() as work:
        mark_stale(work, "aaa-gone")
    add_file(instance)
    service.render_stale(instance)
    with instance.work(write=False) as work:
        kept = set(work.db.execute(select(Rendering.name, Rendering.stale)))
    assert kept == {(ROOT, False), ("sample-project", False)}
