"""A QR code as the path of an inline SVG: no image to fetch, no style, no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4
"""Light modules around the code (ISO/IEC 18004 asks for four)."""


@dataclass(frozen=True)
class Picture:
    """`path` draws the dark modules as strokes of width 1 in a square of `size` units."""

    size: int
    path: str


def qr_code(text: str) -> Picture:
    """The QR code of a text."""
    matrix = segno.make(text, error="m", micro=False).matrix
    strokes = (_row(number, row) for number, row in enumerate(matrix))
    return Picture(len(matrix) + 2 * QUIET_ZONE, "".join(strokes))


def _row(number: int, row: Iterable[int]) -> str:
    drawn, column = "", QUIET_ZONE
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            drawn += f"M{column} {number + QUIET_ZONE}.5h{length}"
        column += length
    return drawn
