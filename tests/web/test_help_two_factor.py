"""Help with two-factor authentication."""

from __future__ import annotations

from tests.support.site import Site


def test_it_tells_what_to_do_without_the_phone_and_with_a_clock_that_is_wrong(site: Site) -> None:
    text = site.get("/help/two-factor/").html.main.text.lower()

    assert "recovery code" in text
    assert "clock" in text
    assert "authenticator app" in text


def test_it_tells_how_apps_are_renamed_and_removed_and_how_an_account_is_recovered(site: Site) -> None:
    text = " ".join(site.get("/help/two-factor/").html.main.text.split())

    assert "you can rename each of them, and remove one" in text
    assert "they can start a recovery of your account" in text
    assert "For 24 hours nothing happens." in text
