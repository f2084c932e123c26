"""RECORD: the list of a wheel's files, each with its size and hash (binary distribution format)."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from portal.uploads import flaws
from portal.uploads.errors import Refusal

RECORD_LIMIT = 16 * 1024 * 1024
FIELDS = 3
HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""What the format calls "sha256 or better"."""
SIZE = re.compile(r"[0-9]{0,12}")
UNHASHED = ("RECORD", "RECORD.jws", "RECORD.p7s")
"""RECORD can't hold its own hash, and signatures of it are made after it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What RECORD says of one file; an empty size is not compared."""

    algorithm: str
    digest: str
    size: str

    def fits(self, digest: bytes, size: int) -> bool:
        """Whether a file of this hash and size is the one that was listed; one listed without a hash always is."""
        if self.size and int(self.size) != size:
            return False
        return not self.digest or urlsafe_b64encode(digest).rstrip(b"=").decode() == self.digest.rstrip("=")


def read_record(content: bytes, files: Collection[str]) -> dict[str, Line]:
    """The lines of RECORD by path. Raises Refusal at the first that can't be read or lists what is not there."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(flaws.RECORD, line="–") from error
    found: dict[str, Line] = {}
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            # pip fails at a line without fields, uv at one with fewer than three.
            if len(row) != FIELDS:
                raise Refusal(flaws.RECORD, line=",".join(row) or rows.line_num)
            if not row[0].endswith("/"):
                path, line = _line(row)
                if path in found:
                    raise Refusal(flaws.RECORD, line=",".join(row))
                if path not in files:
                    raise Refusal(flaws.RECORD_ABSENT, member=path)
                found[path] = line
    except csv.Error as error:
        raise Refusal(flaws.RECORD, line=rows.line_num) from error
    return found


def check_listed(files: Collection[str], record: dict[str, Line], folder: str) -> None:
    """Raise Refusal unless every file but RECORD and its signatures is listed with a hash."""
    free = {f"{folder}/{name}" for name in UNHASHED}
    for path in sorted(files):
        if path not in free and (path not in record or not record[path].digest):
            raise Refusal(flaws.RECORD_LACKS, member=path)


def hash_of(line: Line | None) -> Any:
    """A new digest of the kind that the line gives."""
    return HASHES[line.algorithm if line is not None and line.algorithm else "sha256"]()


def _line(row: list[str]) -> tuple[str, Line]:
    path, hashed, size = row
    algorithm, _, digest = hashed.partition("=")
    if not path or not SIZE.fullmatch(size) or (hashed and (algorithm not in HASHES or not digest)):
        raise Refusal(flaws.RECORD, line=",".join(row))
    return path, Line(algorithm, digest, size)
