"""What search engines are asked."""

from __future__ import annotations

from tests.support.site import Site


def test_handles_and_account_pages_are_left_alone(site: Site) -> None:
    answer = site.get("/robots.txt")
    assert answer.content_type == "text/plain"
    assert "Disallow: /~\n" in answer.text
    assert "Disallow: /account/\n" in answer.text
