"""Help with an account."""

from __future__ import annotations

import pytest

from tests.support.site import Site

TOPICS = [
    "Change your password",
    "forgotten your password",
    "where you are signed in",
    "new sign-in",
    "Close your account",
]


@pytest.mark.parametrize("topic", TOPICS)
def test_it_has_a_part_about(site: Site, topic: str) -> None:
    headings = [heading.get_text() for heading in site.get("/help/account/").html.main.find_all("h2")]

    assert [heading for heading in headings if topic in heading]


def test_its_links_lead_to_pages(site: Site) -> None:
    links = {link["href"] for link in site.get("/help/account/").html.main.find_all("a", href=True)}

    assert {"/account/reset-password/", "/help/two-factor/"} <= links
    assert all(site.get(link).status_int == 200 for link in links)


def test_what_it_calls_pages_and_buttons_is_what_they_are_called(site: Site) -> None:
    text = site.get("/help/account/").html.main.get_text()

    for name in (
        "“Password”",
        "“Where you are signed in”",
        "“Close your account”",
    ):
        assert name in " ".join(text.split())
