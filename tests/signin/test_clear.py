"""The small file that evicts pages just left from the browser."""

from __future__ import annotations

from tests.support.site import Site


def test_it_asks_the_browser_to_clear_its_cache(site: Site) -> None:
    answer = site.get("/account/signed-out/clear.css")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.content_type == "text/css"
    assert answer.headers["Cache-Control"] == "no-store"
