"""Dates, times, numbers and sizes as a language writes them. Times are absolute and name their zone, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from babel.dates import format_date as babel_date
from babel.dates import format_time as babel_time
from babel.dates import get_datetime_format
from babel.numbers import format_decimal
from babel.units import format_unit

# English for the world writes "1 June 2026, 14:05"; the pseudo-locales are no locales of Babel's.
FORMATS = {"en": "en_150", "en_XA": "en_150"}
UNITS = ("byte", "kilobyte", "megabyte", "gigabyte")
STEP = 1024


def formatting_locale(locale: str) -> str:
    """The locale whose customs are followed."""
    return FORMATS.get(locale, locale)


def format_datetime(at: datetime, locale: str) -> str:
    """Day, hour and minute: "1 June 2026, 14:05 UTC"."""
    customs = formatting_locale(locale)
    time = babel_time(at.astimezone(UTC), "short", tzinfo=UTC, locale=customs)
    joined = str(get_datetime_format("medium", locale=customs)).replace("'", "")
    return joined.replace("{0}", f"{time} UTC").replace("{1}", format_date(at, locale))


def format_time(at: datetime, locale: str) -> str:
    """Hour, minute and second of a moment that is near: "14:05:30 UTC"."""
    time = babel_time(at.astimezone(UTC), "medium", tzinfo=UTC, locale=formatting_locale(locale))
    return f"{time} UTC"


def format_date(day: date, locale: str) -> str:
    """Day, month and year, in UTC for an instant: "1 June 2026"."""
    in_utc = day.astimezone(UTC) if isinstance(day, datetime) else day
    return babel_date(in_utc, "long", locale=formatting_locale(locale))


def format_end(at: datetime, locale: str) -> str:
    """The instant at which something ends. Midnight belongs to the day that is over: "31 December 2026, 24:00 UTC"."""
    if at.astimezone(UTC).time() != time():
        return format_datetime(at, locale)
    joined = str(get_datetime_format("medium", locale=formatting_locale(locale))).replace("'", "")
    return joined.replace("{0}", "24:00 UTC").replace("{1}", format_last_day(at, locale))


def format_last_day(at: datetime, locale: str) -> str:
    """The last day, in UTC, before something ends at this instant: of midnight the day before."""
    return format_date(at - timedelta(microseconds=1), locale)


def format_number(number: float, locale: str) -> str:
    """A number with the language's own separators: "1,234"."""
    return format_decimal(number, locale=formatting_locale(locale))


def format_bytes(size: int, locale: str) -> str:
    """A size in the unit that suits it, of 1,024 each: "2.4 MB"."""
    amount, unit = float(size), 0
    while amount >= STEP and unit < len(UNITS) - 1:
        amount, unit = amount / STEP, unit + 1
    shown = round(amount, 1) if unit and amount < 100 else round(amount)
    length: Literal["short", "long"] = "short" if unit else "long"
    return format_unit(shown, f"digital-{UNITS[unit]}", length=length, locale=formatting_locale(locale))
