"""Pages compressed by the application."""

from __future__ import annotations

import gzip

import pytest
from webob import Response

from portal.app.compress import SMALLEST, compress, takes_gzip

LONG = "a sentence for people " * SMALLEST


@pytest.mark.parametrize("accepts", ["gzip", "deflate, gzip;q=0.5", "GZIP", "*"])
def test_it_is_taken_by(accepts: str) -> None:
    assert takes_gzip(accepts)


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0", "gzip; q=0.0", "identity"])
def test_it_is_not_taken_by(accepts: str) -> None:
    assert not takes_gzip(accepts)


def test_a_page_is_sent_compressed_and_says_what_that_depends_on() -> None:
    response = Response(LONG)
    compress(response, "gzip")
    assert gzip.decompress(response.body).decode() == LONG
    assert response.content_encoding == "gzip"
    assert response.content_length == len(response.body)
    assert "Accept-Encoding" in response.headers["Vary"]


def test_without_gzip_it_stays_plain_but_still_says_what_that_depends_on() -> None:
    response = Response(LONG)
    compress(response, "")
    assert response.text == LONG
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    "response",
    [
        Response(LONG.encode(), content_type="application/zip"),
        Response(LONG, content_encoding="br"),
        Response("short"),
        Response(app_iter=iter([LONG.encode()]), content_type="text/html"),
    ],
)
def test_files_streams_and_short_answers_stay_as_they_are(response: Response) -> None:
    before = response.headers.get("Content-Encoding")
    compress(response, "gzip")
    assert response.headers.get("Content-Encoding") == before


def test_a_strong_validator_becomes_weak() -> None:
    response = Response(LONG)
    response.headers["ETag"] = '"abc"'
    compress(response, "gzip")
    assert response.headers["ETag"] == 'W/"abc"'
