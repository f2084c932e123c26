"""Help with uploads that are refused."""

from __future__ import annotations

from tests.support.instances import BASE_URL
from tests.support.site import Site


def test_the_upload_address_of_this_index_is_told(site: Site) -> None:
    assert f"{BASE_URL}/legacy/" in site.get("/help/uploads/").html.main.text


def test_a_list_of_contents_leads_to_each_group_of_refusals(site: Site) -> None:
    page = site.get("/help/uploads/").html.main
    links = [link["href"] for link in page.select("a[href^='#refused-']")]
    assert len(links) == 4
    assert [page.select_one(link).name for link in links] == ["h2"] * 4
