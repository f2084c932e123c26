"""The page where help is found."""

from __future__ import annotations

from tests.support.site import Site


def test_every_help_page_is_found_from_there(site: Site) -> None:
    page = site.get("/help/")
    links = {link["href"] for link in page.html.main.find_all("a", href=True)}

    assert {"/help/account/", "/help/two-factor/", "/help/tokens/", "/help/limited-mode/", "/help/uploads/"} <= links
    for link in links:
        if link.startswith("/"):
            assert site.get(link).status_int == 200


def test_links_stay_in_the_readers_language(site: Site) -> None:
    page = site.get("/en-XA/help/")
    links = {link["href"] for link in page.html.main.find_all("a", href=True) if link["href"].startswith("/")}

    assert links
    assert all(link.startswith("/en-XA/") for link in links)


def test_help_is_one_link_away_from_any_page(site: Site) -> None:
    assert site.get("/account/login/").html.footer.find("a", href="/help/")
