"""File names: what name and version they must carry (binary distribution format; PEP 625)."""

from __future__ import annotations

import re
from math import prod

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from portal.uploads import errors, flaws
from portal.uploads.declared import WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.rules import Rules

FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]{0,199}")
PLATFORM = re.compile(
    r"any|win32|win_amd64|win_arm64|win_ia64"
    r"|(manylinux1|manylinux2010|manylinux2014|manylinux_[0-9]+_[0-9]+|musllinux_[0-9]+_[0-9]+)_[a-z][a-z0-9_]*"
    r"|macosx_[0-9]+_[0-9]+_[a-z][a-z0-9_]*|linux_armv[67]l"
    r"|ios_[0-9]+_[0-9]+_[a-z0-9_]+_(iphoneos|iphonesimulator)|android_[0-9]+_[a-z][a-z0-9_]*"
    r"|(pyodide|pyemscripten|emscripten)_[0-9]+(_[0-9]+)+_wasm32|wasi(_[0-9]+)*_wasm32"
    r"|(freebsd|netbsd|openbsd|dragonfly|solaris|sunos|aix)_[a-z0-9_]+"
)
TAGS_LIMIT = 100
"""Combinations of tags that one name may stand for: each is made whenever the name is read."""
PLAIN_LINUX = re.compile(r"linux_[a-z][a-z0-9_]*")


def check_filename(filename: str, declared: Declared, rules: Rules) -> None:
    """Raise Refusal unless the file's name is one that a file of this name and version must have."""
    check_spelling(filename)
    if rules.public and declared.version.local is not None:
        raise Refusal(errors.LOCAL_VERSION, version=declared.version)
    if declared.filetype == WHEEL:
        _check_wheel(filename, declared)
        _check_platforms(filename, rules)
    else:
        _check_sdist(filename, declared)


def check_spelling(filename: str) -> None:
    """Raise Refusal for a name of other characters, or one that costs much to read: nothing reads it before this."""
    if not FILENAME.fullmatch(filename):
        raise Refusal(flaws.FILENAME, filename=filename)
    tags = filename.removesuffix(".whl").split("-")[-3:]
    if filename.endswith(".whl") and prod(part.count(".") + 1 for part in tags) > TAGS_LIMIT:
        raise Refusal(flaws.WHEEL_TAGS, limit=TAGS_LIMIT)


def escaped(normalized: str) -> str:
    """A normalized project name as file names spell it."""
    return normalized.replace("-", "_")


def _check_wheel(filename: str, declared: Declared) -> None:
    try:
        name, version, _build, _tags = parse_wheel_filename(filename)
    except (InvalidWheelFilename, ValueError) as error:
        raise Refusal(flaws.WHEEL_NAME, filename=filename) from error
    spelled = filename.split("-")
    # Another spelling would be another file name for the same wheel.
    own = spelled[:2] == [escaped(name), str(declared.version)] and all(part == part.lower() for part in spelled[-3:])
    if (name, version) != (declared.normalized, declared.version) or not own:
        expected = f"{escaped(declared.normalized)}-{declared.version}-"
        raise Refusal(flaws.FILENAME_DIFFERS, filename=filename, expected=expected)


def _check_sdist(filename: str, declared: Declared) -> None:
    expected = f"{escaped(declared.normalized)}-{declared.version}.tar.gz"
    if filename != expected:
        raise Refusal(flaws.SDIST_NAME, filename=filename, expected=expected)


def _check_platforms(filename: str, rules: Rules) -> None:
    """Raise Refusal for a platform that no installer knows; and, on a public index, for "some Linux"."""
    for platform in filename.removesuffix(".whl").rpartition("-")[2].split("."):
        if PLATFORM.fullmatch(platform):
            continue
        if not PLAIN_LINUX.fullmatch(platform):
            raise Refusal(flaws.PLATFORM, platform=platform)
        if rules.public:
            raise Refusal(flaws.PLAIN_LINUX, platform=platform)
