"""The input gate: what can't be read is refused before anything looks at it."""

from __future__ import annotations

from typing import Any

import pytest
from webtest import TestRequest

from portal.language.pseudo import disguise
from portal.web.gate import MOST_FIELDS
from tests.support.instances import Bed
from tests.support.site import Site
from tests.web.conftest import Probe

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="a"%s\r\n\r\n%s\r\n--x--\r\n'
MEGABYTE = 1024 * 1024


def assert_our_page(answer: Any, status: int) -> None:
    """A whole page in our words, which repeats nothing that was sent."""
    assert answer.status_int == status
    assert answer.html.find("h1").text
    assert answer.html.title.text.startswith(("Error: ", disguise("Error:")))
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/%ff",
        "/%00",
        "/account/verify-email/%ff/",
        "/account/verify-email/a%00b/",
        "/simple/%c0%ae/",
        "/simple/%ed%a0%80/",
        "/?a=%ff",
        "/account/login/?next=%00",
        "/en-XA/%ff",
        "/en-XA/account/login/%00",
        "/static/%ff",
    ],
)
def test_a_path_or_query_that_is_no_utf8_or_holds_a_nul_is_refused_in_our_page(site: Site, path: str) -> None:
    assert_our_page(site.get(path, expect_errors=True), 400)


def test_a_query_of_raw_bytes_that_are_no_utf8_is_refused(site: Site) -> None:
    # A browser would have escaped it; a server hands the byte on as the sign of the same number (PEP 3333).
    request = TestRequest.blank("/account/login/", environ={"QUERY_STRING": "next=caf\xe9", "HTTP_HOST": "localhost"})
    answer = site.do_request(request, expect_errors=True)

    assert_our_page(answer, 400)


@pytest.mark.parametrize("body", [b"a=%ff", b"a=\xff", b"%ff=a", b"a=%00", b"a=\x00", b"a=%c3", b"a=+%fe+"])
@pytest.mark.parametrize("kind", [FORM, FORM.upper(), "", "text/plain"])
def test_a_form_that_is_no_utf8_or_holds_a_nul_is_refused(site: Site, body: bytes, kind: str) -> None:
    answer = site.post("/account/register/", body, headers={"Content-Type": kind}, expect_errors=True)

    assert_our_page(answer, 400)


@pytest.mark.parametrize(
    "kind",
    [
        f"{FORM}; charset=foo",
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=foo; charset=utf-8",
        f'{FORM}; a="x;charset=foo;charset=utf-8"',
        f'{FORM}; CHARSET="latin-1"',
        "multipart/form-data",
        'multipart/form-data; boundary="',
        "multipart/mixed; boundary=x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_body_that_declares_itself_wrongly_is_refused(site: Site, kind: str, method: str) -> None:
    answer = site.request("/account/login/", method=method, headers={"Content-Type": kind}, expect_errors=True)

    assert_our_page(answer, 400)


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (b"\r\nContent-Type: text/plain; charset=foo", b"abc"),
        (b"\r\nContent-Transfer-Encoding: base64", b"AAAA"),
        (b'; filename="a"', b"abc"),
    ],
)
def test_parts_with_encodings_of_their_own_are_refused(site: Site, headers: bytes, content: bytes) -> None:
    body = PART % (headers, content)

    assert_our_page(site.post("/account/login/", body, content_type=MULTIPART, expect_errors=True), 400)


def test_an_ordinary_form_in_any_script_is_read(probe: Probe) -> None:
    assert probe.send(probe.hidden() | {"word": "žluťoučký"}).text == "seen"
    assert probe.stage.told == ["žluťoučký"]


@pytest.mark.parametrize("kind", [f"{FORM}; charset=us-ascii", f'{FORM}; charset="UTF-8"', f"{FORM.upper()};"])
def test_a_form_that_declares_itself_in_another_way_is_read(probe: Probe, kind: str) -> None:
    assert probe.send(probe.hidden() | {"word": "plain"}, **{"Content-Type": kind}).text == "seen"


def test_a_body_above_a_megabyte_is_refused_by_its_length_alone(site: Site) -> None:
    length = {"CONTENT_LENGTH": str(MEGABYTE + 1)}
    request = site.RequestClass.blank("/account/login/", method="POST", environ={**site.extra_environ, **length})

    assert_our_page(site.do_request(request, expect_errors=True), 413)


def test_a_body_of_a_megabyte_is_read(site: Site) -> None:
    body = b"a=" + b"x" * (MEGABYTE - 2)

    # It is refused for its form token, so it has been read.
    assert site.post("/account/login/", body, expect_errors=True).status_int == 400


def test_the_limit_is_a_setting(bed: Bed) -> None:
    application = bed.assemble(form_limit=100)

    assert Site(application).post("/account/login/", b"a" * 101, expect_errors=True).status_int == 413
    application.instance.database.close()


def test_a_form_of_endless_fields_is_refused(site: Site) -> None:
    answer = site.post("/account/login/", b"a&" * MOST_FIELDS, expect_errors=True)

    assert_our_page(answer, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=\xff"},
        {"Cookie": 'session="a\\377"'},
        {"Cookie": "\x01;=;;"},
        {"User-Agent": "\xff" * 10},
        {"Accept": "\xff;;;"},
        {"Accept-Language": "\xff;q=\xff"},
        {"Accept-Encoding": "\xff;q=x"},
        {"Sec-Fetch-Site": "\xff"},
        {"Sec-Fetch-Dest": "\xff"},
        {"Origin": "\xff"},
        {"Referer": "http://[::1"},
        {"Referer": "\xff"},
        {"If-None-Match": "\xff"},
        {"If-Modified-Since": "never"},
        {"Range": "bytes=x"},
        {"Authorization": "Basic \xff"},
        {"X-Forwarded-For": "\xff"},
        {"Content-Type": ";;;=;"},
    ],
)
@pytest.mark.parametrize("path", ["/account/login/", "/simple/", "/help/"])
def test_a_header_that_makes_no_sense_changes_nothing(site: Site, headers: dict[str, str], path: str) -> None:
    assert site.get(path, headers=headers).status_int == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost:1", "LOCALHOST.evil", "", "a\xff"])
def test_a_host_that_is_not_ours_is_refused(site: Site, host: str) -> None:
    answer = site.get("/account/login/", extra_environ={"HTTP_HOST": host}, expect_errors=True)

    assert_our_page(answer, 400)
    assert host not in answer.text or not host
