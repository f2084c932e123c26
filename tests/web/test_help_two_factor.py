"""Help with two-factor authentication."""

from __future__ import annotations

from tests.support.site import Site


def test_it_tells_what_to_do_without_the_phone_and_with_a_clock_that_is_wrong(site: Site) -> None:
    text = site.get("/help/two-factor/").html.main.text.lower()

    assert "recovery code" in text
    assert "clock" in text
    assert "authenticator app" in text
