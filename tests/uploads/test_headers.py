"""The lines of metadata before the description are bounded before anything reads them."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest

from portal.uploads import flaws
from portal.uploads.errors import Refusal
from portal.uploads.headers import LINES_LIMIT, NAMES_LIMIT, check_headers
from tests.uploads.artefacts import metadata
from tests.uploads.test_metadata import read, refused

STANDARD = 5
"""Lines of `metadata()` before the description."""


def calls(content: str) -> int:
    """How many functions are called while this metadata is read."""
    counted: Counter[str] = Counter()

    def count(_frame: FrameType, event: str, _what: Any) -> None:
        counted[event] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with suppress(Refusal):
            read(content)
    finally:
        sys.setprofile(before)
    return counted["call"] + counted["c_call"]


def with_names(count: int) -> str:
    """Metadata with lines of so many kinds."""
    return metadata("demo", "1.0", *[f"X{number}:" for number in range(count - STANDARD)])


def test_lines_and_their_kinds_are_counted() -> None:
    assert read(with_names(NAMES_LIMIT)).name == "demo"
    assert refused(with_names(NAMES_LIMIT + 1)).code == flaws.METADATA_LINES.code
    for more in ("Platform: x", "X-Folded: x"):
        lines = [more, *[" folded" if "Folded" in more else more] * (LINES_LIMIT - STANDARD)]
        assert refused(metadata("demo", "1.0", *lines)).code == flaws.METADATA_LINES.code
    folded = metadata("demo", "1.0", "License: x", *[" x"] * (LINES_LIMIT - STANDARD - 1))
    assert read(folded).rest["license"]


def test_a_description_has_as_many_lines_as_it_likes() -> None:
    body = "x: y\n" * (LINES_LIMIT + 1)
    assert read(metadata(body=body)).description == body


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_are_counted_however_they_end(end: str) -> None:
    assert refused(with_names(NAMES_LIMIT + 1).replace("\n", end)).code == flaws.METADATA_LINES.code


def test_the_work_does_not_grow_with_the_square_of_the_lines() -> None:
    few, many = calls(with_names(1000)), calls(with_names(16_000))
    assert many < few * 2
    spellings = [f"{'X'.join(part)}: x" for part in (f"{number:014b}" for number in range(8000))]
    assert calls(metadata("demo", "1.0", *spellings)) < few * 2
    widest = [f"X{number % 90}: \u00f6" for number in range(LINES_LIMIT - 10)]
    assert calls(metadata("demo", "1.0", *widest)) < 200 * LINES_LIMIT


def test_a_name_is_spelled_in_one_way() -> None:
    assert "requires-dist" in refused(metadata("demo", "1.0", "Requires-Dist: a", "requires-dist: b")).reason
    assert read(metadata("demo", "1.0", "Requires-Dist: a", "Requires-Dist: b")).rest["requires_dist"] == ["a", "b"]


@pytest.mark.parametrize(
    "line",
    [
        "Content-Transfer-Encoding: base64",
        "content-type: multipart/mixed; boundary=x",
        "Content-Type: message/rfc822",
        "Content-Disposition: x",
    ],
)
def test_what_makes_a_letter_of_the_metadata_is_refused(line: str) -> None:
    refusal = refused(metadata("demo", "1.0", line, body="AAAA\n"))
    assert refusal.code == flaws.METADATA_MIME.code
    assert line.partition(":")[0] in refusal.reason


def test_names_that_are_no_text_are_shown_all_the_same() -> None:
    with pytest.raises(Refusal) as caught:
        check_headers(b"Content-\xff: x\n")
    assert caught.value.code == flaws.METADATA_MIME.code
