"""What a file says about itself, where no tool has filled in a form: an upload through a page."""

from __future__ import annotations

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from portal.uploads import errors
from portal.uploads.declared import SDIST, SOURCE, WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.filenames import check_spelling
from portal.uploads.receive import Spooled


def declared_by(spooled: Spooled) -> Declared:
    """Name, version and kind as the file's name tells them; its metadata must agree. Raises Refusal."""
    filename = spooled.name
    check_spelling(filename)
    try:
        if filename.endswith(".whl"):
            name, version, _build, _tags = parse_wheel_filename(filename)
            python = filename.removesuffix(".whl").split("-")[-3]
            return Declared(name, version, WHEEL, python, spooled.digests, None)
        if filename.endswith(".tar.gz"):
            name, version = parse_sdist_filename(filename)
            return Declared(name, version, SDIST, SOURCE, spooled.digests, None)
    except (InvalidWheelFilename, InvalidSdistFilename, ValueError) as error:
        raise Refusal(errors.UNKNOWN_KIND, filename=filename) from error
    raise Refusal(errors.UNKNOWN_KIND, filename=filename)


def local_name(filename: str) -> str:
    """A file's name without the folders that some browsers send with it."""
    return filename.replace("\\", "/").rpartition("/")[2]
