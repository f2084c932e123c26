"""File names: what name and version they must carry (binary distribution format; PEP 625)."""

from __future__ import annotations

import re

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from portal.uploads import errors
from portal.uploads.declared import WHEEL, Declared
from portal.uploads.errors import Refusal

FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]{0,199}")


def check_filename(filename: str, declared: Declared) -> None:
    """Raise Refusal unless the file's name is one that a file of this name and version must have."""
    if not FILENAME.fullmatch(filename):
        raise Refusal(errors.FILENAME, filename=filename)
    if declared.filetype == WHEEL:
        _check_wheel(filename, declared)
    else:
        _check_sdist(filename, declared)


def escaped(normalized: str) -> str:
    """A normalized project name as file names spell it."""
    return normalized.replace("-", "_")


def _check_wheel(filename: str, declared: Declared) -> None:
    try:
        name, version, _build, _tags = parse_wheel_filename(filename)
    except (InvalidWheelFilename, ValueError) as error:
        raise Refusal(errors.WHEEL_NAME, filename=filename) from error
    spelled = filename.partition("-")[0]
    # Another spelling would be another file name for the same wheel.
    if (name, version) != (declared.normalized, declared.version) or spelled != escaped(name):
        expected = f"{escaped(declared.normalized)}-{declared.version}-"
        raise Refusal(errors.FILENAME_DIFFERS, filename=filename, expected=expected)


def _check_sdist(filename: str, declared: Declared) -> None:
    expected = f"{escaped(declared.normalized)}-{declared.version}.tar.gz"
    if filename != expected:
        raise Refusal(errors.SDIST_NAME, filename=filename, expected=expected)
