"""The origin gate: only forms of this site's own pages are taken."""

from __future__ import annotations

import pytest

from tests.support.instances import BASE_URL
from tests.web.conftest import Probe

BROWSER_HEADERS = ("HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_DEST")


@pytest.fixture
def plain(probe: Probe) -> Probe:
    """A client that sends no Sec-Fetch headers of its own accord."""
    for name in BROWSER_HEADERS:
        del probe.extra_environ[name]
    return probe


MATRIX = [
    # (Sec-Fetch-Site, Origin, taken)
    ("same-origin", None, True),
    ("same-origin", BASE_URL, True),
    # A browser that hides the origin but says that it is the same, is believed: sites can't forge the header.
    ("same-origin", "null", True),
    ("same-site", BASE_URL, False),
    ("same-site", None, False),
    ("cross-site", None, False),
    ("cross-site", BASE_URL, False),
    ("none", None, False),
    ("none", BASE_URL, False),
    ("SAME-ORIGIN", None, False),
    ("", BASE_URL, False),
    (None, BASE_URL, True),
    (None, "null", False),
    (None, "https://evil.example", False),
    (None, BASE_URL + ":8080", False),
    (None, BASE_URL + "/", False),
    (None, BASE_URL.replace("http", "https"), False),
    (None, BASE_URL + ".evil.example", False),
    (None, "", False),
    # lynx sends neither: there the form token alone stands.
    (None, None, True),
]


@pytest.mark.parametrize(("site", "origin", "taken"), MATRIX)
def test_who_says_what_about_where_a_form_comes_from(
    plain: Probe, site: str | None, origin: str | None, taken: bool
) -> None:
    said = {"Sec-Fetch-Site": site, "Origin": origin}
    headers = {name: value for name, value in said.items() if value is not None}
    answer = plain.send(plain.hidden() | {"word": "hello"}, **headers)

    assert (answer.status_int, plain.stage.told) == ((200, ["hello"]) if taken else (403, []))
    if not taken:
        assert "This form came from another site" in answer.text


@pytest.mark.parametrize("site", ["cross-site", "none", "same-site"])
def test_reading_a_page_is_open_to_links_from_anywhere(probe: Probe, site: str) -> None:
    assert probe.see(lambda request: "seen", headers={"Sec-Fetch-Site": site}).text == "seen"


def test_a_form_without_its_token_is_refused_however_it_was_sent(plain: Probe) -> None:
    fields = plain.hidden() | {"word": "hello"}
    del fields["_token"]

    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": BASE_URL}):
        answer = plain.send(fields, **headers)
        assert answer.status_int == 400
        assert "This form is too old" in answer.text
    assert plain.stage.told == []


def test_only_a_view_that_says_so_takes_what_no_page_sent(plain: Probe) -> None:
    taken = plain.post("/probe/exempt", "anything", headers={"Sec-Fetch-Site": "cross-site"})

    assert taken.text == "taken"
