"""A part of a file as a file of its own, which is what `wsgi.file_wrapper` takes (PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterator
from io import SEEK_CUR, SEEK_END, SEEK_SET
from typing import BinaryIO

BLOCK = 64 * 1024


class Part:
    """The bytes of an open file from `start` up to `stop`; closing it closes the file."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self.file = file
        self.start = start
        self.size = stop - start
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none behind the end of the part."""
        left = max(0, self.size - self.tell())
        return self.file.read(left if size < 0 else min(size, left))

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move within the part; the new place, counted from its start."""
        base = {SEEK_SET: 0, SEEK_CUR: self.tell(), SEEK_END: self.size}[whence]
        return self.file.seek(self.start + base + offset) - self.start

    def tell(self) -> int:
        """The place, counted from the start of the part."""
        return self.file.tell() - self.start

    def seekable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(BLOCK):
            yield block
