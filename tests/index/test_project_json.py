"""`/pypi/NAME/json`: what scripts and dashboards read of a project."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.index import service
from portal.index.jsonapi import project_json
from portal.index.models import Rendering
from portal.index.reading import latest_page
from portal.index.stale import mark_stale
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.members import service as members
from portal.projects.members.events import MemberJoined
from portal.projects.models import MAINTAINER, File
from tests.index.shelf import CONTENT, add_file, set_status, uploader
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.people import make_person
from tests.support.site import Site

PAGE = "/pypi/sample-project/json"


def told(site: Site, path: str = PAGE) -> dict[str, Any]:
    found: dict[str, Any] = site.get(path).json
    return found


def test_it_has_the_keys_of_pypi(instance: Instance, site: Site) -> None:
    add_file(
        instance,
        summary="A sample.",
        description="Long.",
        core_metadata={"author": "Ada", "classifiers": ["Private :: Do Not Upload"], "keywords": ["a", "b"]},
        requires_python=">=3.8",
    )
    document = told(site)
    assert set(document) == {"info", "last_serial", "ownership", "releases", "urls", "vulnerabilities"}
    info = document["info"]
    assert (info["name"], info["version"], info["summary"]) == ("Sample_Project", "1.0", "A sample.")
    assert (info["author"], info["classifiers"], info["keywords"]) == ("Ada", ["Private :: Do Not Upload"], "a,b")
    assert info["project_url"] == "http://localhost/project/sample-project/"
    assert document["vulnerabilities"] == []
    assert document["ownership"] == {"organization": None, "roles": [{"role": "Owner", "user": "uploader"}]}


def test_its_files_can_be_fetched_from_where_it_says(instance: Instance, site: Site) -> None:
    file = add_file(instance)
    [url] = told(site)["urls"]
    assert url["digests"]["sha256"] == file.sha256
    assert (url["filename"], url["size"], url["packagetype"]) == (file.filename, len(CONTENT), "bdist_wheel")
    assert site.get(url["url"]).body == CONTENT


def test_it_tells_the_files_of_every_release_in_the_order_of_versions(instance: Instance, site: Site) -> None:
    for version in ("1.10", "1.9"):
        add_file(instance, version=version)
    releases = site.get(PAGE).json["releases"]
    assert {version: len(files) for version, files in releases.items()} == {"1.9": 1, "1.10": 1}
    assert told(site)["info"]["version"] == "1.10"


def test_a_release_is_yanked_when_all_its_files_are(instance: Instance, site: Site) -> None:
    add_file(instance, yanked=True, yanked_reason="broken")
    info = told(site)["info"]
    assert (info["yanked"], info["yanked_reason"]) == (True, "broken")
    add_file(instance, tag="py2-none-any")
    assert told(site)["info"]["yanked"] is False


def test_another_spelling_leads_to_the_normalized_name(instance: Instance, site: Site) -> None:
    add_file(instance)
    answer = site.get("/pypi/Sample_Project/json", status=301)
    assert answer.location == "http://localhost/pypi/sample-project/json"


@pytest.mark.parametrize("path", ["/pypi/Sample_Project/json/", "/pypi/sample.project/json"])
def test_every_other_address_leads_to_the_one_that_is_documented(instance: Instance, site: Site, path: str) -> None:
    add_file(instance)
    assert site.get(path, status=301).location == "http://localhost" + PAGE


def test_with_a_slash_at_the_end_it_is_the_same(instance: Instance, site: Site) -> None:
    add_file(instance)
    assert site.get(PAGE + "/", status=200).body == site.get(PAGE).body


@pytest.mark.parametrize("path", ["/pypi/nothing/json", "/pypi/nothing/json/", "/pypi/a%20b/json"])
def test_an_unknown_project_is_not_found_as_json(site: Site, path: str) -> None:
    answer = site.get(path, expect_errors=True)
    assert answer.follow(expect_errors=True).status_int == 404 if answer.status_int == 301 else answer.json


def test_a_project_in_quarantine_is_not_found(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    assert site.get(PAGE, status=404).json == {"message": "Not Found"}


def test_who_has_it_already_gets_304_until_something_changes(instance: Instance, site: Site) -> None:
    add_file(instance)
    etag = site.get(PAGE).headers["ETag"]
    assert site.get(PAGE, headers={"If-None-Match": etag}, status=304).body == b""
    add_file(instance, version="2.0")
    assert site.get(PAGE, headers={"If-None-Match": etag}).headers["ETag"] != etag


def test_its_serial_is_that_of_the_simple_api(instance: Instance, site: Site) -> None:
    add_file(instance)
    serial = site.get("/simple/sample-project/").headers["X-PyPI-Last-Serial"]
    assert site.get(PAGE).headers["X-PyPI-Last-Serial"] == serial
    assert told(site)["last_serial"] == int(serial)


def test_it_has_the_headers_of_the_simple_api(instance: Instance, site: Site, clock: FixedClock) -> None:
    add_file(instance)
    clock.advance(timedelta(seconds=2))
    answer, simple = site.get(PAGE), site.get("/simple/sample-project/")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Vary"] == "Accept-Encoding"
    for name in ("Cache-Control", "Content-Security-Policy", "Last-Modified", "X-PyPI-Last-Serial"):
        assert answer.headers[name] == simple.headers[name]
    modified = answer.headers["Last-Modified"]
    assert site.get(PAGE, headers={"If-Modified-Since": modified}, status=304).body == b""
    assert site.head(PAGE).headers["ETag"] == answer.headers["ETag"]


def test_it_is_rendered_once_and_packed_once(instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_file(instance)
    render, rendered = service.as_json, []

    def note(told: dict[str, Any]) -> bytes:
        rendered.append(told["info"]["name"])
        return render(told)

    monkeypatch.setattr(service, "as_json", note)
    for _reader in range(3):
        site.get(PAGE)
    with instance.work(write=False) as work:
        row = work.db.scalars(select(Rendering).where(Rendering.kind == "pypi")).one()
    assert rendered == ["Sample_Project"]
    assert gzip.decompress(row.body_gzip) == row.body == site.get(PAGE).body


def test_what_belongs_to_each_release_is_looked_for_once(instance: Instance, work: Work) -> None:
    class Counted(list[File]):
        passes = 0

        def __iter__(self) -> Any:
            Counted.passes += 1
            return super().__iter__()

    for number in range(5):
        add_file(instance, version=f"{number}.0")
    found = latest_page(work, "sample-project")
    project_json(replace(found, all_files=Counted(found.all_files)), "", 1)
    assert Counted.passes == 1


def test_who_works_on_it_shows_at_once(instance: Instance, site: Site) -> None:
    add_file(instance)
    before = site.get(PAGE).headers["ETag"]
    helper = make_person(instance, "helper")
    with instance.work() as work:
        project = projects.find(work, "sample-project")
        members.join(work, project.id, helper.account_id, MAINTAINER)
        work.record(MemberJoined(account_id=helper.account_id, project_id=project.id, project=project.name))
    after = site.get(PAGE, headers={"If-None-Match": before}, status=200)
    assert {"role": "Maintainer", "user": "helper"} in after.json["ownership"]["roles"]
    with instance.work() as work:
        members.leave(work, projects.find(work, "sample-project"), helper.account_id)
    assert len(told(site)["ownership"]["roles"]) == 1


def test_when_the_index_moves_it_tells_the_new_address(bed: Bed, instance: Instance, site: Site) -> None:
    file = add_file(instance)
    etag = site.get(PAGE).headers["ETag"]
    moved = Site(bed.assemble(base_url="https://packages.example.org"))
    answer = moved.get(PAGE, headers={"If-None-Match": etag}, status=200)
    assert answer.json["urls"][0]["url"] == f"https://packages.example.org/files/{file.path}"


def test_a_project_without_a_release_is_not_found_and_keeps_no_other_waiting(instance: Instance, site: Site) -> None:
    with instance.work() as work:
        projects.create(work, "empty", uploader(instance))
    with instance.work() as work:
        mark_stale(work, "empty")
    assert site.get("/pypi/empty/json", status=404).json == {"message": "Not Found"}
    service.render_stale(instance)
    with instance.work(write=False) as work:
        assert work.db.scalars(select(Rendering).where(Rendering.stale)).all() == []
    add_file(instance, name="empty")
    assert told(site, "/pypi/empty/json")["info"]["version"] == "1.0"
