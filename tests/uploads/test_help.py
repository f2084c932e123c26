"""Help with uploads that are refused."""

from __future__ import annotations

from tests.support.instances import BASE_URL
from tests.support.site import Site


def test_the_upload_address_of_this_index_is_told(site: Site) -> None:
    assert f"{BASE_URL}/legacy/" in site.get("/help/uploads/").html.main.text
