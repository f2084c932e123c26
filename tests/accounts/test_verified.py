from __future__ import annotations

from tests.support.site import Site


def test_the_page_leads_to_signing_in(site: Site) -> None:
    page = site.get("/account/verified/")
    assert page.html.h1.get_text() == "E-mail address confirmed"
    assert page.html.select_one('main a[href="/account/login/"]') is not None
