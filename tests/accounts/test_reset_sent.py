from __future__ import annotations

from tests.support.site import Site


def test_the_page_says_what_comes_next_and_nothing_of_an_account(site: Site) -> None:
    page = site.get("/account/reset-password/sent/")
    assert "If there is an account of that name or address" in page.text
    assert "The link works once, for an hour" in page.text
