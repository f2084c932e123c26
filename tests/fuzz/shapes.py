"""What wheels and sdists have in common: names and contents of members, as tools write them and nearly so."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fuzz.dice import Dice

FILES = [
    *(
        "demo/\xfc.txt",
        "demo/e\u0301.txt",
        "demo/\u65e5\u672c.py",
        "demo/with space.txt",
        "demo/\u212bK.txt",
        "demo/\u017f.py",
    ),
    *(
        "demo/\xdf.py",
        "demo/ss.py",
        "demo/\u0130.txt",
        "demo/#%41?.txt",
        "demo/a,b.txt",
        'demo/"quoted".txt',
        "demo/'.txt",
    ),
    *(
        "demo/CON.py",
        "demo/aux",
        "demo/.hidden",
        "demo/..x",
        "demo/a...b",
        "demo/~",
        "demo/-x",
        "demo/*",
        "demo/a&b;$c",
    ),
    *(
        "other.py",
        "demo.pth",
        "demo/" + "d/" * 20 + "deep.py",
        "demo/" + "n" * 90 + ".py",
        "demo/" + "m" * 200,
        "demo/sub/x.py",
    ),
    *(
        "demo/__pycache__/x.cpython-311.pyc",
        "demo/A.py",
        "demo/a.py",
        "demo/\U0001f600",
    ),
    *("demo/\xa0", "demo/INIT.PY", "demo/__init__.pyi", "demo/x.PY", "demo/\ufb01.py", "demo/\u1e9e.py"),
]
SPELLINGS = [
    lambda name: "./" + name,
    lambda name: name.replace("/", "//", 1),
    lambda name: name + "/",
    lambda name: name.replace("/", "/./", 1),
    lambda name: name.upper(),
    lambda name: name + " ",
    lambda name: name + ".",
    lambda name: "/" + name,
    lambda name: name.replace("/", "/../demo/", 1),
    lambda name: name.replace("/", "\\"),
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFC", name),
    lambda name: name + "\0x",
    lambda name: name + "\n",
    lambda name: name + "\ufeff",
    lambda name: name + "\u202e",
    lambda name: name + "\u200d",
]
CONTENTS = [
    b"",
    b"x",
    b"value = 1\n",
    bytes(range(256)),
    b"A" * 3000,
    b"#!python\nprint()\n",
    b"PK\x05\x06" + bytes(18),
]


def style_of(dice: Dice, style: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """How one tool writes all of an archive."""
    return {key: dice.choice(values) for key, values in style.items()}


def _content(dice: Dice) -> bytes:
    return dice.choice(CONTENTS) if dice.even() else dice.randbytes(dice.randrange(40))


def members(dice: Dice, names: list[str]) -> dict[str, bytes]:
    """Further members by name; one of them perhaps spelled in an odd way."""
    chosen = dice.some(names, 6)
    if chosen and dice.mostly(False, True, share=14):
        chosen[0] = dice.choice(SPELLINGS)(chosen[0])
    return {name: _content(dice) for name in chosen}
