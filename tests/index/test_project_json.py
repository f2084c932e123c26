"""`/pypi/NAME/json`: what scripts and dashboards read of a project."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kernel.work import Instance
from tests.index.shelf import CONTENT, add_file, set_status
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


@pytest.mark.parametrize("path", ["/pypi/nothing/json", "/pypi/a%20b/json"])
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
