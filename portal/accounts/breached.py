"""Passwords that were stolen somewhere and published: a list that the operator keeps on this machine.

The file is a text of SHA-1 hashes in hexadecimal, one a line and in ascending order, each perhaps
followed by a colon and a count: what the downloader of Have I Been Pwned writes into one file. No
password, and no part of its hash, ever leaves the machine.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

LINE_LIMIT = 80
HASH = re.compile(rb"[0-9A-Fa-f]{40}")
SAMPLES = 64


class UnreadableList(ValueError):
    """The file is no list of SHA-1 hashes in ascending order, with short lines."""


def is_breached(path: Path, text: str) -> bool:
    """Whether the list holds this password (in NFC). Reads some forty short pieces of a file of any size.

    Raises OSError where the file can't be read, and UnreadableList where it is none: a password that can't be
    compared is not taken (NIST SP 800-63B §3.1.1.2).
    """
    wanted = hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb", buffering=0) as file:
        return _holds(file.fileno(), wanted)


def check_list(path: Path) -> None:
    """Read pieces from the whole length of the list. Raises OSError and UnreadableList."""
    with path.open("rb", buffering=0) as file:
        descriptor = file.fileno()
        size = os.fstat(descriptor).st_size
        found = [_line_from(descriptor, size * sample // SAMPLES) for sample in range(SAMPLES)]
    hashes = [line for _end, line in found if line]
    if not hashes or hashes != sorted(hashes):
        raise UnreadableList


def _holds(descriptor: int, wanted: bytes) -> bool:
    low, high = 0, os.fstat(descriptor).st_size
    while low < high:
        middle = (low + high) // 2
        end, found = _line_from(descriptor, middle)
        if found == wanted:
            return True
        if found and found < wanted:
            low = end
        else:
            # Between the middle and that line none begins.
            high = middle
    return False


def _line_from(descriptor: int, at: int) -> tuple[int, bytes]:
    """The first line that begins at `at` or behind it: where it ends, and its hash; none behind the last."""
    begin = max(at - 1, 0)
    piece = os.pread(descriptor, 3 * LINE_LIMIT, begin)
    skipped = piece.find(b"\n") + 1 if at else 0
    if at and not skipped:
        if len(piece) > LINE_LIMIT:
            raise UnreadableList
        return begin + len(piece), b""
    line, ended, _rest = piece[skipped:].partition(b"\n")
    end = begin + skipped + len(line) + len(ended)
    if not line:
        return end, b""
    if len(line) > LINE_LIMIT or not HASH.fullmatch(line[:40]) or line[40:41] not in {b"", b":", b"\r"}:
        raise UnreadableList
    return end, line[:40].upper()
