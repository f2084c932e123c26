"""Sdists as tools write them, in all forms that the formats leave: most are right, some have one odd thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fuzz import tars
from tests.fuzz.dice import Dice
from tests.fuzz.shapes import FILES, members, style_of
from tests.fuzz.texts import metadata

TOP = "demo-1.0"
IN_SDIST = [
    *("demo.egg-info/PKG-INFO", "setup.py", "setup.cfg", "pax_global_header", "src/demo.py", "LICENSE", "METADATA"),
    *("PaxHeader/x", ".git/config", "@LongLink", "sub/pyproject.toml", "sub/PKG-INFO"),
]
ODD_NAMES = ["PKG-INFO/x", "pkg-info", "a\tb", "back\\slash", "../x"]


def sdist(dice: Dice) -> bytes:
    """An sdist called demo-1.0.tar.gz."""
    held = {"PKG-INFO": metadata(dice), "pyproject.toml": b"[build-system]\nrequires = []\n"}
    held |= members(dice, FILES + IN_SDIST) | dict.fromkeys(
        dice.mostly([], ODD_NAMES[:1], ODD_NAMES[1:2], ODD_NAMES[2:]), b""
    )
    style = style_of(dice, WAYS_OF_TAR)
    entries = [_entry(dice, f"{TOP}/{name}", content, style) for name, content in held.items()]
    folders = dice.some([TOP, f"{TOP}/demo", f"{TOP}/empty", f"{TOP}/demo/sub"], 3)
    entries = dice.shuffled([_folder(dice, name, style) for name in folders] + entries)
    links = [_link(dice, name, style) for name in dice.some(["l", "m", "new/l"], 2)]
    entries = dice.mostly(entries + links, links + entries)
    if dice.mostly(False, True, share=20):
        entries.append(dice.choice(entries))
    return tars.written(entries, _outside(dice))


WAYS_OF_TAR: dict[str, Sequence[Any]] = {
    "magic": ["posix", "posix", "gnu"],
    "digits": ["nul", "nul", "space", "both"],
    "told": ["", "", "prefix", "gnu", "pax"],
    "mode": [0o644, 0o755, 0, 0o600, 0o777, 0o4755, 0o100644],
    "owner": [0, 1000, 0o777777],
    "names": [(b"", b""), (b"root", b"wheel"), ("\xe4".encode(), b"x"), (b"\xff", b"u" * 32)],
    "time": [0, 1, 1000000000, 0o7777777777],
    "checksum": ["gnu", "gnu", "seven"],
    "extended": ["PaxHeader", "./PaxHeaders.1/demo-1.0", "demo-1.0/PaxHeaders"],
}
RECORDS = [
    *((b"mtime", b"1780315200.5"), (b"atime", b"1.5"), (b"ctime", b"0"), (b"comment", b"said"), (b"uid", b"4000000")),
    *(
        (b"uname", "\xe4".encode()),
        (b"gname", b"x"),
        (b"SCHILY.dev", b"1"),
        (b"SCHILY.xattr.user.x", b"y\0z"),
    ),
    *(
        (b"LIBARCHIVE.creationtime", b"1"),
        (b"hdrcharset", b"ISO-IR 10646 2000 UTF-8"),
    ),
]
ODD_RECORDS = [
    *(
        (b"path", b"demo-1.0/other"),
        (b"size", b"1"),
        (b"linkpath", b"x"),
        (b"hdrcharset", b"BINARY"),
        (b"comment", b"\xff"),
    ),
    *(
        (b"mtime", b"x"),
        (b"mtime", b"-1"),
        (b"uid", b"-1"),
        (b"GNU.sparse.name", b"x"),
        (b"path", b""),
        (b"charset", b"x"),
        (b"mtime", b""),
    ),
    *((b"GNU.volume.label", b"x"), (b"SCHILY.filetype", b"x"), (b"uid", b"99999999999999999999"), (b"mtime", b"1e400")),
]


def _entry(dice: Dice, name: str, content: bytes, style: Mapping[str, Any]) -> tars.Entry:
    own = _mixed(dice, style)
    records = dice.some(RECORDS, 2) if own["magic"] == "posix" and own["told"] != "gnu" and dice.even() else []
    records += dice.mostly([], *([one] for one in ODD_RECORDS), share=20)
    kind = b"0" if own["magic"] == "posix" else dice.choice([b"0", b"\0"])
    kind = dice.mostly(kind, b"7", b"\0", b"1", b"S", b"3", share=20)
    return tars.Entry(name.encode(), content, kind, records=records, padding=dice.choice([b"\0", b"\0", b"x"]), **own)


def _mixed(dice: Dice, style: Mapping[str, Any]) -> dict[str, Any]:
    """The archive's own way, in which GNU and pax are not mixed, and once in a while another."""
    own = dict(style)
    if own["magic"] == "gnu":
        own["told"] = "gnu"
    elif own["told"] == "gnu":
        own["told"] = "pax"
    if dice.mostly(False, True, share=20):
        own |= {"told": dice.choice(["", "prefix", "gnu", "pax"]), "magic": dice.choice(["posix", "gnu", "old"])}
    return own


def _folder(dice: Dice, name: str, style: Mapping[str, Any]) -> tars.Entry:
    own = {**_mixed(dice, style), "mode": dice.choice([0o755, 0o700, 0o40755, 0])}
    kind = dice.mostly(b"5", b"0", b"\0")
    return tars.Entry((name + dice.choice(["", "/"])).encode(), b"", kind, **own)


def _link(dice: Dice, name: str, style: Mapping[str, Any]) -> tars.Entry:
    """A link of either kind, most of them to a file inside."""
    kind = dice.choice([b"2", b"1"])
    soft = ["PKG-INFO", "demo", "gone", "./PKG-INFO", "l"]
    inside = dice.choice(soft) if kind == b"2" else f"{TOP}/PKG-INFO"
    odd = ["/etc/passwd", "../../x", f"../{TOP}/PKG-INFO", f"{TOP}/l", f"./{TOP}/PKG-INFO", "x" * 120]
    target = dice.mostly(inside, *odd)
    return tars.Entry(f"{TOP}/{name}".encode(), b"", kind, target.encode(), **_mixed(dice, style))


def _outside(dice: Dice) -> tars.Outside:
    return tars.Outside(
        level=dice.choice([0, 1, 6, 9]),
        name=dice.choice([b"", b"demo-1.0.tar", "\xe4.tar".encode(), b"\xff/../x"]),
        comment=dice.choice([b"", b"", b"said"]),
        extra=dice.choice([b"", b"", b"RA\x02\0ab", bytes(300)]),
        sum=dice.mostly(False, True, share=20),
        time=dice.choice([0, 1780315200, 0xFFFFFFFF]),
        system=dice.choice([255, 3, 0, 11]),
        flush=dice.choice([0, 0, 512, 700]),
        empty=dice.choice([2, 3, 20, 18, dice.mostly(2, 1, 0, share=4)]),
        of_all=dice.choice(
            [(), (), (), ((b"comment", b"a commit"),), dice.mostly((), ((b"mtime", b"1"),), ((b"path", b"x"),))]
        ),
    )
