"""Help with API tokens."""

from __future__ import annotations

from tests.support.instances import BASE_URL
from tests.support.site import Site


def test_the_examples_name_the_upload_address_of_this_index(site: Site) -> None:
    examples = " ".join(code.text for code in site.get("/help/tokens/").html.main.find_all(["code", "pre"]))

    assert f"{BASE_URL}/legacy/" in examples
    assert "__token__" in examples
    assert "pypi.org" not in examples
