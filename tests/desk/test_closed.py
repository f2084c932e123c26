"""The page after closing."""

from __future__ import annotations

from tests.support.site import Site


def test_it_knows_nothing_of_anybody_and_says_how_to_change_one_s_mind(site: Site) -> None:
    page = site.get("/account/closed/")
    assert "For 14 days you can sign in and keep your account" in page.text
    assert page.html.select_one('link[href="/account/signed-out/clear.css"]') is not None
