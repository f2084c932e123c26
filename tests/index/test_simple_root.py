"""`/simple/`: the list of all projects."""

from __future__ import annotations

import json
from typing import Any

from portal.kernel.work import Instance
from tests.index.shelf import add_file, set_status
from tests.support.site import Site

JSON = "application/vnd.pypi.simple.v1+json"


def told(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.get("/simple/", headers={"Accept": JSON}).body)
    return found


def test_an_empty_index_says_so(site: Site) -> None:
    assert told(site) == {"meta": {"api-version": "1.4"}, "projects": []}
    page = site.get("/simple/")
    assert "<title>All projects</title>" in page.text
    assert "There is nothing here yet." in page.text


def test_projects_stand_in_order_as_their_owners_write_them(instance: Instance, site: Site) -> None:
    for name in ("zebra", "Apple_Pie", "mango"):
        add_file(instance, name)
    assert told(site)["projects"] == [{"name": "Apple_Pie"}, {"name": "mango"}, {"name": "zebra"}]
    page = site.get("/simple/")
    assert '<a href="/simple/apple-pie/">Apple_Pie</a>' in page.text


def test_a_new_project_shows_at_once_and_a_new_file_changes_nothing(instance: Instance, site: Site) -> None:
    add_file(instance, "apple")
    first = site.get("/simple/").headers["ETag"]
    add_file(instance, "apple", "2.0")
    assert site.get("/simple/").headers["ETag"] == first
    add_file(instance, "pear")
    assert site.get("/simple/").headers["ETag"] != first
    assert len(told(site)["projects"]) == 2


def test_projects_in_quarantine_are_left_out(instance: Instance, site: Site) -> None:
    add_file(instance, "apple")
    add_file(instance, "worm")
    set_status(instance, "worm", "quarantined")
    assert told(site)["projects"] == [{"name": "apple"}]


def test_without_the_slash_the_address_leads_to_the_one_with_it(site: Site) -> None:
    assert site.get("/simple").location.endswith("/simple/")
