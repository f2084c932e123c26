from __future__ import annotations

from tests.support.site import Site


def test_the_page_leads_to_signing_in(site: Site) -> None:
    page = site.get("/account/verified/")
    assert page.html.h1.get_text() == "E-mail address confirmed"
    assert page.html.select_one('main a[href="/account/login/"]') is not None


def test_what_it_says_fits_whoever_has_an_authenticator_app_already(site: Site) -> None:
    page = site.get("/account/verified/")
    assert "set up an authenticator app" not in page.text
    assert "The overview of your account shows what is next." in page.text
