"""What operators write into settings, read as what it means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

MOST_PORT = 65535


class UnsafeSettings(ValueError):
    """The instance can't start with these settings; the message says what to write instead."""


def _instant(name: str, text: str) -> datetime:
    """An instant (RFC 3339), or a day, which ends at its last second in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnsafeSettings(f"doorward.{name} is {text!r}: write a day, for example 2027-06-30.") from error
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found if "T" in text else found + timedelta(days=1, seconds=-1)


def as_browsers_write(url: str) -> str:
    """The origin as browsers send it in `Host` and `Origin`: small letters, and no port where it is the usual one."""
    url = url.strip().rstrip("/").lower()
    return url.removesuffix(":443") if url.startswith("https:") else url.removesuffix(":80")


def is_host(netloc: str) -> bool:
    """Whether it is a host name in ASCII, perhaps with a port, and nothing else."""
    name, _, port = netloc.rpartition(":") if netloc.rpartition(":")[2].isdigit() else (netloc, "", "")
    plain = name.isascii() and name.isprintable() and not set(name) & set(" @\\%")
    return plain and bool(name) and int(port or 0) <= MOST_PORT


def convert(name: str, kind: Any, text: str) -> Any:
    """The value of a setting of this type, as somebody wrote it. Raises UnsafeSettings."""
    choices = _literals(kind)
    if choices and text not in choices:
        raise UnsafeSettings(f"doorward.{name} is {text!r}: write one of {', '.join(choices)}.")
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise UnsafeSettings(f"doorward.{name} is {text!r}: write true or false.")
        return text.lower() == "true"
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise UnsafeSettings(f"doorward.{name} is {text!r}: write a whole number.")
        return int(text)
    if datetime in get_args(kind):
        return _instant(name, text)
    if name == "base_url":
        return as_browsers_write(text)
    return Path(text).resolve() if Path in {kind, *get_args(kind)} else text


def _literals(kind: Any) -> tuple[str, ...]:
    """The words of a Literal, also inside `X | None`."""
    found = [arg for arg in get_args(kind) if isinstance(arg, str)]
    for part in get_args(kind):
        found.extend(_literals(part))
    return tuple(found)
