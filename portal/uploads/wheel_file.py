"""The file WHEEL: of which format the wheel is, and for which systems it was built (binary distribution format).

Installers choose a wheel by its file name, and what is installed remembers this file: the two must agree. Many good
wheels are built for "some Linux" or for any system, and get their platform afterwards, by name alone. So the file name
may promise less than WHEEL does where it only narrows the platform, and may name more interpreters.
"""

from __future__ import annotations

import re

from portal.uploads import flaws
from portal.uploads.errors import Refusal

LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]*([^\x00-\x1f\x7f]*)")
"""Lines that go on, or have none or two names, are read differently by different readers."""
FORMAT = re.compile(r"1\.[0-9]{1,3}")
ONCE = ("wheel-version", "root-is-purelib", "build")
ARCHITECTURE = re.compile(r"(?:linux|(?:many|musl)linux(?:1|2010|2014|_[0-9]+_[0-9]+))_([a-z0-9_]+)")


def check_wheel_file(content: bytes, filename: str) -> None:
    """Raise Refusal unless this WHEEL is one of format 1 that fits the name of its wheel, which is a wheel's name."""
    found = _fields(content)
    values = {name: found.get(name, []) for name in ONCE}
    twice = next((name for name in ONCE if len(values[name]) > 1), "")
    if twice:
        raise _unreadable(twice)
    if not FORMAT.fullmatch("".join(values["wheel-version"])):
        raise _unreadable("wheel-version")
    if "".join(values["root-is-purelib"]).lower() not in {"true", "false"}:
        raise _unreadable("root-is-purelib")
    if not found.get("tag"):
        raise _unreadable("tag")
    _check_name(filename, "".join(values["build"]), found["tag"])


def _fields(content: bytes) -> dict[str, list[str]]:
    """The values of each field, by its name in small letters. Raises Refusal at the first line that is none."""
    try:
        lines = content.decode("utf-8").rstrip("\r\n").split("\n")
    except UnicodeDecodeError as error:
        raise _unreadable("–") from error
    found: dict[str, list[str]] = {}
    for line in lines:
        field = LINE.fullmatch(line.removesuffix("\r"))
        if field is None:
            raise _unreadable(line)
        found.setdefault(field[1].lower(), []).append(field[2].strip())
    return found


def _check_name(filename: str, build: str, tags: list[str]) -> None:
    *front, pythons, abis, platforms = filename.removesuffix(".whl").split("-")
    if build and [build.lower()] != [number.lower() for number in front[2:]]:
        raise Refusal(flaws.WHEEL_BUILD, build=build, filename=filename)
    named = [set(part.lower().split(".")) for part in (pythons, abis, platforms)]
    for tag in tags:
        parts = [set(part.split(".")) for part in tag.lower().split("-")]
        if len(parts) != len(named) or not (parts[0] <= named[0] and parts[1] <= named[1]):
            raise Refusal(flaws.WHEEL_TAG, tag=tag, filename=filename)
        if not all(_narrowed(platform, named[2]) for platform in parts[2]):
            raise Refusal(flaws.WHEEL_TAG, tag=tag, filename=filename)


def _narrowed(platform: str, named: set[str]) -> bool:
    """Whether one of the named platforms is this one, or a narrower one under which the wheel was offered later."""
    if platform in named or platform == "any":
        return True
    if not platform.startswith("linux_"):
        return False
    architectures = {found[1] for name in named if (found := ARCHITECTURE.fullmatch(name))}
    return platform.removeprefix("linux_") in architectures


def _unreadable(line: str) -> Refusal:
    return Refusal(flaws.WHEEL_FORMAT, line=line)
