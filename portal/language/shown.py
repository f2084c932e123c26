"""What templates ask of a request: the language of the page, and values written as that language does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from babel import Locale

from portal.language import formats


def locale_lang(request: Any) -> str:
    """The BCP 47 tag for the `lang` attribute."""
    name: str = request.locale_name
    return name.replace("_", "-")


def text_direction(request: Any) -> str:
    """The value of the `dir` attribute, ltr or rtl."""
    return Locale.parse(formats.formatting_locale(request.locale_name)).text_direction


def format_datetime(request: Any, at: datetime) -> str:
    """Day, hour, minute and zone."""
    return formats.format_datetime(at, request.locale_name)


def format_time(request: Any, at: datetime) -> str:
    """Hour, minute, second and zone."""
    return formats.format_time(at, request.locale_name)


def format_date(request: Any, day: date) -> str:
    """Day, month and year."""
    return formats.format_date(day, request.locale_name)


def format_end(request: Any, at: datetime) -> str:
    """Day, hour, minute and zone of an end; midnight is the end of a day."""
    return formats.format_end(at, request.locale_name)


def format_last_day(request: Any, at: datetime) -> str:
    """Day, month and year of the last day before an end."""
    return formats.format_last_day(at, request.locale_name)


def format_number(request: Any, number: float) -> str:
    """A number."""
    return formats.format_number(number, request.locale_name)


def format_bytes(request: Any, size: int) -> str:
    """A size in bytes, in the unit that suits it."""
    return formats.format_bytes(size, request.locale_name)


def includeme(config: Any) -> None:
    """Add the request methods and properties."""
    ways = (format_datetime, format_time, format_date, format_end, format_last_day, format_number, format_bytes)
    for method in ways:
        config.add_request_method(method)
    for value in (locale_lang, text_direction):
        config.add_request_method(value, property=True)
