"""The headers of every answer (ASVS 5.0 §3.4)."""

from __future__ import annotations

from typing import Any

import pytest

from portal.web.errors import PROBLEM
from tests.support.instances import Bed
from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site

PATHS = ["/", "/help/", "/account/login/", "/nothing/", "/%ff", "/healthz", "/manage/account/", "/legacy/"]
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def policy(answer: Any) -> dict[str, str]:
    """The directives of the content security policy."""
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts if name}


def assert_dressed(answer: Any) -> None:
    assert policy(answer) == POLICY
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_dressed(site: Site, path: str) -> None:
    assert_dressed(site.get(path, expect_errors=True))


@pytest.mark.parametrize("status", [400, 413, 431, 500, 501])
def test_the_servers_own_errors_are_dressed_too(site: Site, status: int) -> None:
    assert_dressed(site.get("/", extra_environ={PROBLEM: status}, expect_errors=True))


@pytest.mark.parametrize("path", ["/account/login/", "/manage/account/", "/manage/account/history/"])
def test_personal_pages_are_kept_by_nobody(site: Site, path: str) -> None:
    sign_in(site, make_person(site.application.instance))

    assert site.get(path).headers["Cache-Control"] == "no-store"


def test_pages_below_a_handle_are_kept_and_indexed_by_nobody(site: Site) -> None:
    site.takes_cookies = False
    handle = sign_in_limited(site, make_person(site.application.instance))

    for path in ("/manage/account/", "/help/", "/", "/nothing/"):
        answer = site.get(f"/~{handle}{path}", expect_errors=True)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_with_tls_browsers_are_told_to_stay_with_it_and_cookies_are_bound_to_the_host(bed: Bed) -> None:
    application = bed.assemble(base_url="https://packages.example.org")
    answer = Site(application, **{"wsgi.url_scheme": "https"}).get("/account/login/")
    application.instance.database.close()

    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    for cookie in answer.headers.getall("Set-Cookie"):
        assert cookie.startswith("__Host-")
        assert {"Path=/", "secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_without_tls_nothing_is_said_about_it(site: Site) -> None:
    assert "Strict-Transport-Security" not in site.get("/help/").headers


@pytest.mark.parametrize("path", ["/", "/help/", "/account/login/", "/account/register/"])
def test_no_page_needs_anything_that_the_policy_forbids(site: Site, path: str) -> None:
    page = site.get(path, expect_errors=True).html

    assert page.select("script, style, iframe, object, embed, base, [style], [onclick], [onload]") == []
    for name in ("src", "href", "action"):
        assert [tag[name] for tag in page.select(f"[{name}]") if "://" in tag[name] and tag.name != "a"] == []
