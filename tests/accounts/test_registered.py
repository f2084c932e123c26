from __future__ import annotations

from tests.support.site import Site


def test_the_page_says_what_to_do_next_and_what_if_no_letter_comes(site: Site) -> None:
    page = site.get("/account/registered/")
    assert page.html.h1.get_text() == "Check your mail"
    assert len(page.html.select("main ol li")) == 3
    assert "No letter came" in page.text
    assert page.html.select_one('main a[href="/account/login/"]') is not None
