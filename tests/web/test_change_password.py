"""Where password managers find the page on which a password is changed."""

from __future__ import annotations

from portal.kernel.work import Instance
from tests.support.people import make_person, sign_in
from tests.support.site import Site

WELL_KNOWN = "/.well-known/change-password"
PAGE = "/manage/account/password/"


def test_a_stranger_is_led_to_the_page_and_there_to_the_sign_in(site: Site) -> None:
    answer = site.get(WELL_KNOWN)
    assert (answer.status_int, answer.headers["Location"]) == (302, f"http://localhost{PAGE}")
    assert "/account/login/" in answer.follow().headers["Location"]


def test_somebody_signed_in_is_led_to_the_form(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    assert site.get(WELL_KNOWN).follow().status_int == 200


def test_an_address_that_should_not_exist_does_not(site: Site) -> None:
    probe = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert site.get(probe, expect_errors=True).status_int == 404


def test_below_a_language_there_is_nothing(site: Site) -> None:
    assert site.get(f"/en-XA{WELL_KNOWN}", expect_errors=True).status_int == 404
