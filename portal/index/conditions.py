"""Conditional and partial requests (RFC 9110 §13, §14), from header values alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

SETTLED = timedelta(seconds=2)
RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,19})-([0-9]{0,19})|-([0-9]{1,19}))[ \t]*")


class Unsatisfiable(ValueError):
    """The range lies outside of the file (416)."""


def http_date(at: datetime) -> str:
    """An instant as HTTP writes it, in whole seconds (RFC 9110 §5.6.7)."""
    return format_datetime(at, usegmt=True)


def dated(changed_at: datetime, now: datetime) -> str | None:
    """`Last-Modified`, once no second change can come within the same second (RFC 9110 §8.8.2.2)."""
    return http_date(changed_at) if now - changed_at >= SETTLED else None


def unchanged(headers: Mapping[str, str], etag: str, last_modified: str | None) -> bool:
    """Whether the client has this representation already (304). `etag` comes with its quotes."""
    tags = headers.get("If-None-Match")
    if tags is not None:
        held = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return etag in held or "*" in held
    if last_modified is None or "If-Modified-Since" not in headers:
        return False
    since, changed = _date(headers["If-Modified-Since"]), _date(last_modified)
    return since is not None and changed is not None and changed <= since


def asked_range(headers: Mapping[str, str], etag: str, last_modified: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last that a single range asks for; None: the whole file.

    Several ranges, an unreadable range, and one whose `If-Range` names another version get the
    whole file. Raises Unsatisfiable.
    """
    found = RANGE.fullmatch(headers.get("Range", ""))
    only_if = headers.get("If-Range")
    if found is None or (only_if is not None and only_if.strip() not in {etag, last_modified}):
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(0, size - int(suffix)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= stop:
        raise Unsatisfiable
    return start, stop


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    # Of a zone that no clock has, Python says so in another way.
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
