"""What security standards ask of every answer and nothing else here shows (docs/security.md)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.kernel.work import Instance
from tests.support.clock import FixedClock
from tests.support.people import make_person, sign_in
from tests.support.site import Site

PAGES = ["/", "/account/login/", "/simple/", "/no/such/page", "/robots.txt", "/healthz"]
ACCOUNT = "/manage/account/history/"


@pytest.mark.parametrize("path", PAGES)
def test_no_other_origin_is_invited_to_read(site: Site, path: str) -> None:
    said = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answer = site.get(path, headers=said, expect_errors=True)
    assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_names_software_or_version(site: Site, path: str) -> None:
    headers = site.get(path, expect_errors=True).headers
    assert not {"server", "x-powered-by", "via"} & {name.lower() for name in headers}
    assert re.search(r"(?i)python|pyramid|waitress|sqlalchemy", str(headers)) is None


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_methods_that_no_page_has_are_refused_and_nothing_is_echoed(site: Site, method: str) -> None:
    for path in ("/", "/account/login/", "/simple/"):
        answer = site.request(path, method=method, headers={"X-Secret": "echo-me"}, expect_errors=True)
        assert answer.status_int in {403, 405}
        assert "echo-me" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.git/HEAD", "/.env", "/doorward.ini", "/doorward.sqlite3", "/keys/keys.json"),
        *("/static/", "/static", "/files/", "/files", "/static/../doorward.ini", "/static/%2e%2e/doorward.ini"),
        *("/_debug_toolbar/", "/debug", "/server-status", "/metrics.txt", ACCOUNT + "x.css", ACCOUNT + ";x.css"),
    ],
)
def test_what_was_never_published_is_not_found(instance: Instance, site: Site, path: str) -> None:
    sign_in(site, make_person(instance))
    answer = site.get(path, expect_errors=True)
    assert answer.status_int == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_session_cookie_ends_with_the_browser(instance: Instance, site: Site) -> None:
    answer = sign_in(site, make_person(instance))
    [cookie] = [value for value in answer.headers.getall("Set-Cookie") if value.startswith("session=")]
    assert "Max-Age" not in cookie
    assert "expires" not in cookie.lower()


def test_nobody_has_to_change_a_password_by_the_calendar(instance: Instance, site: Site, clock: FixedClock) -> None:
    person = make_person(instance)
    clock.advance(timedelta(days=3650))
    answer = sign_in(site, person)
    assert answer.headers["Location"] == "http://localhost/manage/account/"
