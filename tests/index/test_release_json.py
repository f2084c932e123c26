"""`/pypi/NAME/VERSION/json`: one release."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.index.shelf import add_file
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
