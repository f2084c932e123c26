from __future__ import annotations

from tests.support.site import Site


def test_the_page_says_what_was_done_and_leads_to_signing_in(site: Site) -> None:
    page = site.get("/account/not-me/done/")
    assert "you need a code as before" in page.text
    assert page.html.select_one("main a")["href"].endswith("/account/login/")
