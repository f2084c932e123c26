"""Help with limited mode."""

from __future__ import annotations

from tests.support.site import Site


def test_it_tells_what_limited_mode_is_for_and_that_the_address_is_the_key(site: Site) -> None:
    text = site.get("/help/limited-mode/").html.main.text.lower()

    assert "cookies" in text
    assert "address" in text
    assert "limited mode" in text
