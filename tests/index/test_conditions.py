"""Conditional requests, whatever stands in their headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.index.conditions import Unsatisfiable, asked_range, http_date, unchanged
from portal.kernel.work import Instance
from tests.index.shelf import add_file
from tests.support.site import Site

MODIFIED = http_date(datetime(2026, 6, 1, 12, tzinfo=UTC))
FAR = "Mon, 01 Jan 2020 00:00:00 +99999999999999999"
NUMBERS = st.integers(0, 10**30).map(str)
ZONES = st.sampled_from(["GMT", "", "EST", "-0000"]) | st.tuples(st.sampled_from("+-"), NUMBERS).map("".join)
DATES = st.tuples(st.sampled_from(["Mon, ", "", ","]), NUMBERS, st.sampled_from(["Jan", "1", "x"]), NUMBERS, ZONES).map(
    lambda parts: f"{parts[0]}{parts[1]} {parts[2]} {parts[3]} 10:00:00 {parts[4]}"
)
HEADERS = st.text(st.characters(max_codepoint=255), max_size=80)


@given(DATES | HEADERS)
@example(FAR)
@example("9" * 5000)
@example("Mon, 01 Jan 0001 00:00:00 +2359")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
def test_no_date_is_an_error_of_ours(since: str) -> None:
    unchanged({"If-Modified-Since": since}, '"tag"', MODIFIED)


@given(HEADERS | st.tuples(NUMBERS, NUMBERS).map("bytes={0[0]}-{0[1]}".format), HEADERS | DATES)
@example("bytes=" + "9" * 5000 + "-", "")
def test_no_range_is_an_error_of_ours(asked: str, only_if: str) -> None:
    for headers in ({"Range": asked}, {"Range": asked, "If-Range": only_if}):
        try:
            found = asked_range(headers, '"tag"', MODIFIED, 100)
        except Unsatisfiable:
            continue
        assert found is None or 0 <= found[0] < found[1] <= 100


def test_a_date_that_no_clock_has_is_as_good_as_none() -> None:
    assert not unchanged({"If-Modified-Since": FAR}, '"tag"', MODIFIED)
    assert unchanged({"If-Modified-Since": MODIFIED}, '"tag"', MODIFIED)


@pytest.mark.parametrize(
    "path", ["/simple/", "/simple/sample-project/", "/pypi/sample-project/json", "/rss/updates.xml"]
)
def test_whoever_sends_one_gets_the_page(instance: Instance, site: Site, path: str) -> None:
    add_file(instance, metadata=b"x")
    instance.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert site.get(path, headers={"If-Modified-Since": FAR}).status_int == 200
