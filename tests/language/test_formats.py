"""Dates, times, numbers and sizes as languages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from portal.language import formats

AT = datetime(2026, 6, 1, 14, 5, 30, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en", "1 June 2026, 14:05 UTC"),
        ("en_XA", "1 June 2026, 14:05 UTC"),
        ("de", "1. Juni 2026, 14:05 UTC"),
        ("fr", "1 juin 2026, 14:05 UTC"),
    ],
)
def test_an_instant_is_told_with_day_minute_and_zone(locale: str, shown: str) -> None:
    assert formats.format_datetime(AT, locale) == shown


def test_an_instant_of_another_zone_is_told_in_utc() -> None:
    in_tokyo = AT.astimezone(TOKYO)

    assert formats.format_datetime(in_tokyo, "en") == "1 June 2026, 14:05 UTC"
    assert formats.format_date(datetime(2026, 6, 2, 1, tzinfo=TOKYO), "en") == "1 June 2026"


def test_the_end_of_a_wait_is_told_to_the_second() -> None:
    assert formats.format_time(AT, "en") == "14:05:30 UTC"


def test_a_day_is_told_without_a_zone() -> None:
    assert formats.format_date(date(2026, 12, 24), "de") == "24. Dezember 2026"


def test_numbers_have_the_separators_of_the_language() -> None:
    assert formats.format_number(1234567, "en") == "1,234,567"
    assert formats.format_number(1234567, "de") == "1.234.567"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1 kB"),
        (2_500_000, "2.4 MB"),
        (104_857_600, "100 MB"),
        (5 * 1024**4, "5,120 GB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_suits_it(size: int, shown: str) -> None:
    assert formats.format_bytes(size, "en") == shown


@pytest.mark.parametrize(
    ("at", "end", "last_day"),
    [
        (datetime(2027, 1, 1, tzinfo=UTC), "31 December 2026, 24:00 UTC", "31 December 2026"),
        (
            datetime(2027, 1, 1, 9, tzinfo=TOKYO),
            "31 December 2026, 24:00 UTC",
            "31 December 2026",
        ),
        (AT, "1 June 2026, 14:05 UTC", "1 June 2026"),
    ],
)
def test_an_end_at_midnight_belongs_to_the_day_that_is_over(at: datetime, end: str, last_day: str) -> None:
    assert formats.format_end(at, "en") == end
    assert formats.format_last_day(at, "en") == last_day
