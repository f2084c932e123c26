"""`/pypi/NAME/VERSION/json`: one release."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from portal.index.reading import one_release
from portal.index.views import jsonapi
from portal.kernel.work import Instance
from portal.projects.models import File, Release
from tests.index.shelf import add_file
from tests.support.clock import FixedClock
from tests.support.site import Site


def test_it_tells_one_release_and_not_the_others(instance: Instance, site: Site) -> None:
    older = add_file(instance, version="1.0")
    add_file(instance, version="2.0")
    document = site.get("/pypi/sample-project/1.0/json").json
    assert document["info"]["version"] == "1.0"
    assert [url["filename"] for url in document["urls"]] == [older.filename]
    assert "releases" not in document


@pytest.mark.parametrize("spelling", ["1", "1.0.0", "v1.0"])
def test_any_spelling_of_the_version_finds_it(instance: Instance, site: Site, spelling: str) -> None:
    add_file(instance, version="1.0")
    assert site.get(f"/pypi/sample-project/{spelling}/json").json["info"]["version"] == "1.0"


@pytest.mark.parametrize("version", ["9.9", "nonsense", "9" * 3000])
def test_an_unknown_version_is_not_found_as_json(instance: Instance, site: Site, version: str) -> None:
    add_file(instance)
    assert site.get(f"/pypi/sample-project/{version}/json", status=404).json == {"message": "Not Found"}


def test_another_spelling_of_the_name_leads_to_the_normalized_one(instance: Instance, site: Site) -> None:
    add_file(instance)
    answer = site.get("/pypi/Sample_Project/1.0/json", status=301)
    assert answer.location == "http://localhost/pypi/sample-project/1.0/json"


def test_with_a_slash_at_the_end_it_is_the_same(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0")
    page = "/pypi/sample-project/1.0/json"
    assert site.get(page + "/", status=200).body == site.get(page).body
    assert site.get("/pypi/Sample_Project/1.0/json/", status=301).location == "http://localhost" + page


def test_for_a_client_that_has_it_nothing_is_made(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_file(instance, version="1.0")
    page = "/pypi/sample-project/1.0/json"
    tag = site.get(page).headers["ETag"]

    def never(told: object) -> bytes:
        raise AssertionError(told)

    with monkeypatch.context() as patched:
        patched.setattr(jsonapi, "as_json", never)
        site.get(page, headers={"If-None-Match": tag}, status=304)
    add_file(instance, version="2.0")
    assert site.get(page, headers={"If-None-Match": tag}, status=200).headers["ETag"] != tag
    assert site.get("/pypi/sample-project/2.0/json").headers["ETag"] != site.get(page).headers["ETag"]


def test_it_has_the_headers_of_the_simple_api(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance, version="1.0")
    clock.advance(timedelta(seconds=2))
    page = "/pypi/sample-project/1.0/json"
    answer, simple = site.get(page), site.get("/simple/sample-project/")
    for name in ("Cache-Control", "Content-Security-Policy", "Last-Modified", "X-PyPI-Last-Serial"):
        assert answer.headers[name] == simple.headers[name]
    assert site.get(page, headers={"If-None-Match": answer.headers["ETag"]}, status=304).body == b""
    assert site.get(page, headers={"If-Modified-Since": answer.headers["Last-Modified"]}, status=304).body == b""


def test_of_the_other_releases_nothing_is_read(instance: Instance, site: Site) -> None:
    for version in ("1.0", "2.0", "3.0"):
        add_file(instance, version=version)
    loaded: list[Any] = []

    def note(row: Any, _context: Any) -> None:
        loaded.append(row)

    for kind in (Release, File):
        event.listen(kind, "load", note)
    try:
        with instance.work(write=False) as work:
            one_release(work, "sample-project", "2.0")
    finally:
        for kind in (Release, File):
            event.remove(kind, "load", note)
    assert len(loaded) == 2
