"""Wheels as tools write them, in all forms that the format leaves: most are right, some have one odd thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fuzz import zips
from tests.fuzz.dice import Dice
from tests.fuzz.shapes import FILES, members, style_of
from tests.fuzz.texts import ODD_POINTS, POINTS, metadata, record, wheel_file

INFO, DATA = "demo-1.0.dist-info", "demo-1.0.data"
IN_WHEEL = [
    *(f"{DATA}/scripts/run", f"{DATA}/purelib/pure.py", f"{DATA}/platlib/plat.so", f"{DATA}/headers/h.h"),
    *(f"{DATA}/data/share/man.1", f"{DATA}/headers/sub/deep.h", f"{DATA}/purelib/sub/x.py"),
    *(f"{INFO}/licenses/LICENSE", f"{INFO}/top_level.txt", f"{INFO}/INSTALLER", f"{INFO}/REQUESTED", "x.DATA/y"),
    *(f"{INFO}/direct_url.json", f"{INFO}/RECORD.jws", f"{INFO}/sub/METADATA", "bin/demo", "demo-1.0.dist-info.txt"),
    "demo-1.0.egg-info/PKG-INFO",
]
ODD_NAMES = [
    *(
        f"{DATA}/scripts/sub/deep",
        f"{DATA}/odd/x",
        f"{DATA}/x",
        "Demo-1.0.data/purelib/case.py",
        "other-2.data/purelib/z.py",
        "x.data/data/y",
    ),
    *(f"{DATA}/purelib", f"{DATA}/purelib/demo/__init__.py", "DEMO-1.0.dist-info/x", f"{INFO}/metadata", "Demo/x.py"),
]


def wheel(dice: Dice) -> bytes:
    """A wheel called demo-1.0-py3-none-any.whl."""
    held = {"demo/__init__.py": b"", f"{INFO}/METADATA": metadata(dice), f"{INFO}/WHEEL": wheel_file(dice)}
    held |= members(dice, FILES + IN_WHEEL) | dict.fromkeys(dice.mostly([], *([one] for one in ODD_NAMES)), b"odd")
    if dice.randrange(3) == 0:
        held[f"{INFO}/entry_points.txt"] = dice.mostly(dice.choice(POINTS), *ODD_POINTS).encode()
    held |= dict.fromkeys(dice.some(["demo/", f"{INFO}/", "empty/", f"{DATA}/", "demo/s/"], 2), b"")
    held[f"{INFO}/RECORD"] = record(dice, held, f"{INFO}/RECORD")
    style = style_of(dice, WAYS_OF_ZIP)
    packed = [_packed(dice, name, held[name], style) for name in dice.shuffled(list(held))]
    if dice.mostly(False, True, share=30):
        packed.append(dice.choice(packed))
    return zips.written(packed, _frame(dice, len(packed)))


WAYS_OF_ZIP: dict[str, Sequence[Any]] = {
    "method": [zips.DEFLATED, zips.STORED],
    "level": [0, 1, 6, 9],
    "room": ["", "", "", "room", "twice"],
    "made": [0x031E, 0x0314, 0x0014, 0x0A14, 0x002D, 0x132D, 0x0717, 0x0B14],
    "needed": [0, 10, 20, 45],
    "low": [0, 0x10, 0x20, 0x21],
    "stamp": [0x5AC16000, 0x00210000, 0, 0xFFFFFFFF],
    "utf_8": [False, False, True],
}
EXTRAS = [
    *(
        b"",
        b"",
        zips.extra_field(0x5455, b"\1" + bytes(4)),
        zips.extra_field(0x7875, b"\1\4" + bytes(4) + b"\4" + bytes(4)),
    ),
    *(
        zips.extra_field(0xCAFE, b""),
        zips.extra_field(0x5855, bytes(8)),
        zips.extra_field(0x000A, bytes(32)),
        zips.extra_field(0x9999, b"PK\1\2"),
    ),
    *(
        zips.extra_field(0x5455, bytes(5)) + zips.extra_field(0x7875, bytes(11)),
        zips.extra_field(0xD935, bytes(4)),
        zips.extra_field(0xFFFF, b""),
    ),
]
ODD_EXTRAS = [
    zips.extra_field(0x7075, b"\1" + bytes(4) + b"other"),
    zips.extra_field(1, bytes(8)),
    zips.extra_field(0x9901, bytes(7)),
    *(
        b"\0",
        b"\0\0\0",
        bytes(4) * 20,
        zips.extra_field(0x5455, b"x")[:-1] + b"",
        zips.extra_field(0x5455, b"") * 2,
        b"\1\0\xff\xff",
    ),
]


def _packed(dice: Dice, name: str, content: bytes, style: Mapping[str, Any]) -> zips.Packed:
    own, folder = dict(style), name.endswith("/")
    own["method"] = zips.STORED if folder else dice.choice([own["method"], own["method"], zips.STORED])
    flags = zips.UTF_8 if own.pop("utf_8") or not name.isascii() else 0
    mode = 0o40755 if folder else dice.choice([0o100644, 0o100755, 0, dice.mostly(0o100600, 0o644, 0o104755, 0o120777)])
    return zips.Packed(
        name.encode(),
        content,
        flags=dice.mostly(flags | dice.choice([0, 2, 4]), flags ^ zips.UTF_8, flags | 1, flags | 0x2000, share=30),
        mode=mode,
        sizes_behind=dice.mostly("", "marked", "bare", share=60),
        local_extra=dice.mostly(dice.choice(EXTRAS), *ODD_EXTRAS, share=30),
        central_extra=dice.mostly(dice.choice(EXTRAS), *ODD_EXTRAS, share=30),
        comment=dice.mostly(b"", b"said", share=60),
        **own,
    )


def _frame(dice: Dice, count: int) -> zips.Frame:
    return zips.Frame(
        order=dice.shuffled(range(count)),
        comment=dice.mostly(b"", b"said", b"PK\x05\x06" + bytes(18), share=20),
        before=dice.mostly(b"", b"#!/bin/sh\n", share=30),
        between=dice.mostly(b"", b"\0", share=30),
        large=dice.mostly(False, True, share=30),
    )
