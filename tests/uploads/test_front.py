"""What the headers of a request alone give away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.app.room import Front
from portal.kernel.settings import MEGABYTE, Settings
from portal.uploads.front import comes_from_nobody, most, refusal, takes_files
from tests.tokens.made import basic, minted

SETTINGS = Settings(
    data=Path("nowhere"), trusted_proxy="192.0.2.1", upload_limit=MEGABYTE, receiving_limit=5 * MEGABYTE
)
GOOD = {"AUTHORIZATION": basic(minted())}


def code(
    path: str = "/legacy/", headers: dict[str, str] | None = None, length: int | None = 10, **chosen: object
) -> str:
    """The code of the refusal, empty where there is none."""
    found = refusal(path, GOOD if headers is None else headers, length, replace(SETTINGS, **chosen))
    return found.code if found else ""


def test_good_headers_say_nothing() -> None:
    assert code() == code("/legacy") == code("/account/login/", {}) == ""


@pytest.mark.parametrize("token", ["x" * 50_000, "nonsense", "pypi-x", minted()[:-5], minted() + "A" * 5000])
def test_a_token_that_is_no_token_is_refused_without_a_database(token: str) -> None:
    assert code(headers={"AUTHORIZATION": basic(token)}) == "not-ours"


def test_half_a_token_of_another_index_is_told_so() -> None:
    half = {"AUTHORIZATION": basic(minted(location="pypi.org")[:-5])}
    found = refusal("/legacy/", half, 10, SETTINGS)
    assert found is not None
    assert "pypi.org" in found.reason


def test_where_passwords_are_taken_another_user_name_is_no_mistake() -> None:
    ada = {"AUTHORIZATION": basic("a long walk by the sea", "ada")}
    assert code(headers=ada) == "user-name"
    assert code(headers=ada, upload_policy="password-or-token") == ""


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "missing"),
        ({"AUTHORIZATION": "Basic %%%"}, "ill-formed"),
        ({"AUTHORIZATION": "Digest a=b"}, "ill-formed"),
        ({"AUTHORIZATION": basic("x" * 50_000, "ada")}, "not-ours"),
        ({"AUTHORIZATION": basic("pypi-x")}, "not-ours"),
        ({"AUTHORIZATION": "Bearer pypi-x"}, "not-ours"),
        (GOOD, ""),
    ],
)
def test_where_passwords_are_taken_all_else_is_refused_by_its_headers_too(
    headers: dict[str, str], expected: str
) -> None:
    assert code(headers=headers, upload_policy="password-or-token") == expected


def test_the_length_comes_first() -> None:
    assert code(headers={}, length=None) == "no-length"
    assert code(headers={}, length=200 * MEGABYTE) == "too-large"
    assert code(headers={}) == "missing"


@pytest.mark.parametrize(
    ("path", "takes"),
    [
        ("/legacy/", True),
        ("/legacy", True),
        ("/manage/projects/upload/", True),
        ("/en/manage/project/demo/upload/", True),
        ("/en-XA/manage/projects/upload/", True),
        ("/legacy/x", False),
        ("//legacy/", False),
        ("/xx/manage/projects/upload/", False),
        ("/EN/manage/projects/upload/", False),
        ("/en/legacy/", False),
        ("/manage/project/a/b/upload/", False),
        ("/manage/projects/upload/\n", False),
        ("/", False),
    ],
)
def test_only_upload_addresses_take_as_much_as_a_file(path: str, takes: bool) -> None:
    assert takes_files(path) is takes


START = "/manage/projects/upload/"
LARGE = SETTINGS.form_limit + 1


@pytest.mark.parametrize(
    ("path", "cookie", "query", "length", "nobody"),
    [
        (START, "", "", LARGE, True),
        (START, "theme=dark; a_session=x; session=", "", LARGE, True),
        ("/manage/project/demo/upload/", "probe=1", "", LARGE, True),
        ("/en" + START, "", "limited=", LARGE, True),
        (START, "", "", LARGE - 1, False),
        (START, "theme=dark; session=x", "", LARGE, False),
        (START, "", "limited=1", LARGE, False),
        ("/legacy/", "", "", LARGE, False),
    ],
)
def test_a_file_is_taken_on_a_page_only_where_somebody_may_be_signed_in(
    path: str, cookie: str, query: str, length: int, nobody: bool
) -> None:
    headers = {"COOKIE": cookie} if cookie else {}
    assert comes_from_nobody(path, headers, query, length, SETTINGS) is nobody


def test_over_https_only_the_cookie_counts_that_is_set_there() -> None:
    secure = replace(SETTINGS, base_url="https://packages.example.org")
    assert comes_from_nobody(START, {"COOKIE": "session=x"}, "", LARGE, secure)
    assert not comes_from_nobody(START, {"COOKIE": "__Host-session=x"}, "", LARGE, secure)


def test_bytes_are_counted_for_whom_the_trusted_proxy_names_and_for_nobody_else() -> None:
    front = Front(SETTINGS)
    forwarded = {"X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}
    assert front.network("192.0.2.1", forwarded) == "198.51.100.7"
    assert front.network("192.0.2.2", forwarded) == "192.0.2.2"
    assert front.network("2001:db8::1", {}) == front.network("2001:db8:0:aa::2", {})


def test_what_has_come_is_counted_and_room_comes_back() -> None:
    front = Front(SETTINGS)
    assert front.hold("a", 4 * MEGABYTE)
    assert front.fits("a", MEGABYTE)
    assert not front.fits("a", MEGABYTE + 1)
    assert front.fits("b", 5 * MEGABYTE)
    assert front.hold("a", MEGABYTE)
    assert not front.hold("a", 1)
    front.release("a", 4 * MEGABYTE)
    assert front.hold("a", 1)
    front.release("a", MEGABYTE + 1)
    assert not front.receiving


def test_the_largest_upload_alone_has_room_whatever_the_limit_says() -> None:
    front = Front(replace(SETTINGS, receiving_limit=10))
    assert front.fits("a", most("/legacy/", SETTINGS))
    assert not front.fits("a", most("/legacy/", SETTINGS) + 1)
