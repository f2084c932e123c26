"""Unpacking a deflated stream (RFC 1951, 1952) with bounded memory, exactly one stream and nothing behind it.

`gzip` reads stream after stream, and names in a header of any length byte by byte: other readers
stop after the first stream, and so would see another archive than we do.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from portal.uploads.archives import Malformed

CHUNK = 128 * 1024
RAW = -zlib.MAX_WBITS
GZIP = zlib.MAX_WBITS | 16
FLAGS, HEADER_SUM = 3, 0x02


def raw(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of a file. Raises Malformed where it ends before."""
    while size:
        piece = file.read(min(size, CHUNK))
        if not piece:
            raise Malformed
        size -= len(piece)
        yield piece


def has_header_sum(head: bytes) -> bool:
    """Whether a gzip stream that begins so has a sum of its header: uv takes that for the beginning of the content."""
    return bool(head[FLAGS:] and head[FLAGS] & HEADER_SUM)


def inflated(packed: Iterator[bytes], window: int) -> Iterator[bytes]:
    """The unpacked bytes, in pieces of at most `CHUNK`. Raises Malformed, also where the stream ends early or late."""
    stream = zlib.decompressobj(window)
    try:
        for piece in packed:
            if stream.eof:
                raise Malformed
            yield from _fed(stream, piece)
        while not stream.eof:
            rest = stream.decompress(b"", CHUNK)
            if rest:
                yield rest
            elif not stream.eof:
                raise Malformed
    except zlib.error as error:
        raise Malformed from error
    if stream.unused_data:
        raise Malformed


def _fed(stream: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    while piece and not stream.eof:
        if unpacked := stream.decompress(piece, CHUNK):
            yield unpacked
        piece = stream.unconsumed_tail


class Stream:
    """Pieces of any length, read in lengths of one's own."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.piece = b""
        self.at = 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end. Raises Malformed."""
        found = []
        while size:
            if self.at == len(self.piece):
                self.piece, self.at = next(self.pieces, b""), 0
                if not self.piece:
                    break
            part = self.piece[self.at : self.at + size]
            self.at += len(part)
            size -= len(part)
            found.append(part)
        return b"".join(found)
