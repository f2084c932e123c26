"""The address that hatch prints when it has uploaded a release."""

from __future__ import annotations

from tests.support.site import Site


def test_it_leads_to_the_page_of_the_release(site: Site) -> None:
    answer = site.get("/legacy/bright-pebble/1.4.0/", status=303)
    assert answer.headers["Location"].endswith("/project/bright-pebble/1.4.0/")


def test_it_takes_no_uploads(site: Site) -> None:
    assert site.post("/legacy/bright-pebble/1.4.0/", b"x", expect_errors=True).status_int in {403, 405}
