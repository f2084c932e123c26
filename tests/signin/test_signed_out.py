"""The page after signing out."""

from __future__ import annotations

from tests.support.site import Site


def test_it_loads_the_file_that_makes_the_browser_forget(site: Site) -> None:
    page = site.get("/account/signed-out/")
    assert "You are signed out" in page.text
    assert 'href="/account/signed-out/clear.css"' in page.text
