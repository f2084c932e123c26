"""The texts of a wheel or an sdist in the many ways in which tools write them, and in some in which none should."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping

from tests.fuzz.dice import Dice

NAMES = ["demo", "Demo", "DEMO"]
VERSIONS = ["1.0", "1.0.0", "v1.0", "1", " 1.0 "]
OPTIONAL = [
    "Summary: A demonstration",
    "Summary: Vorf\xfchrung \u65e5\u672c\u8a9e \U0001f600",
    "Summary: =?utf-8?q?A=20demonstration?=",
    "Summary:",
    "Author: A, B <a@example.org>",
    "Author-Email: =?utf-8?b?w7Y=?= <a@example.org>",
    "Home-page: https://example.org",
    "License: MIT\n        in more\n        lines",
    "Classifier: Programming Language :: Python :: 3",
    "Keywords: one,two",
    "Project-URL: Code, https://example.org/code",
    "Requires-Dist: other>=1",
    "Requires-Dist: another ; extra == 'x'",
    "Requires-Dist: other (>=1)",
    "Requires-Dist: a_b.c [x,y] >= 1 , < 2",
    "Provides-Extra: x",
    "Requires-Python: >=3.8",
    "Requires-Python: >= 3.8 , <4",
    "Requires-Python:\n >=3.8",
    "Requires-External: libx",
    "Platform: any",
    "Dynamic: Keywords",
    "Description-Content-Type: text/plain; charset=UTF-8",
    "X-Anything: goes",
    "Obsoletes-Dist: older",
]
ODD = [
    "License-File: LICENSE",
    "Keywords: " + "long " * 2001,
    "Requires-Dist: many\n" * 2001 + "Requires-Dist: many",
    "Version: " + "1" * 101,
    "Classifier: Private :: x\n\tfolded",
    "Requires-Dist: fourth;\n\tpython_version<'4'",
    "Requires-Dist:\n third",
    "License: MIT\n\n        behind an empty line",
    "no colon at all",
    "Requires-Dist: ends in spaces  ",
    " : continued nothing",
    "Requires-Dist : spaced",
    "From somebody Sat Jan  1 00:00:00 2026",
    ">From: x",
    "Name: other",
    "Version: 2.0",
    "Requires-Python: >=3.9",
    "Summary: twice",
    ": no name",
    "Summary: a\x0bRequires-Dist: vertical",
    "Summary: a\x0cRequires-Dist: formfeed",
    "Summary: a\x1cRequires-Dist: separator",
    "Summary: a\x85Requires-Dist: nextline",
    "Summary: a\u2028Requires-Dist: line",
    "Summary: a\rRequires-Dist: return",
    "Requires-Dist: a\n  \n b",
    "Requires-Dist\u00a0: wide",
    "requires_dist: under",
    "",
    "\t",
    "Content-Transfer-Encoding: base64",
    "Requires-Dist: evil\ufeff",
    "X Y: z\nRequires-Dist: behind",
    "X: a\n\x0b\nRequires-Dist: behind",
    "X: a\n\u2028\nRequires-Dist: behind",
    ".\nRequires-Dist: behind",
    "X\x7f: y",
    "X(y): z",
    "--x",
]
BODIES = ["", "\n", "\n# Demo\n", "\nName: other\nRequires-Dist: body\n", "\n\n\nText\n\f\n", "\n  indented\n"]


def metadata(dice: Dice) -> bytes:
    """Core metadata of demo 1.0."""
    fields = [f"Metadata-Version: {dice.choice(['2.1', '2.2', '2.3', '2.4', '2.4'])}"]
    fields += [
        f"Name: {dice.mostly(dice.choice(NAMES), 'other', 'de_mo', share=60)}",
        f"Version: {dice.mostly(dice.choice(VERSIONS), '2.0', 'one', share=60)}",
    ]
    fields = dice.shuffled(fields + _once(dice.some(OPTIONAL, 5)))
    if dice.mostly(False, True, share=4):
        fields.insert(dice.randint(1, len(fields)), dice.choice(ODD))
    spelled = dice.choice([str, str, str.lower, str.upper, _tight, _wide, _tabbed])
    text = "\n".join(_spelled(field, spelled) for field in fields) + "\n" + dice.choice(BODIES)
    end = dice.choice(["\n", "\n", "\r\n", dice.mostly("\n", "\r", share=4)])
    return (dice.mostly("", "\ufeff", "\n", share=10) + text.replace("\n", end)).encode()


def _once(fields: list[str]) -> list[str]:
    """Fields that may stand there once only, once."""
    many = ("Requires-Dist", "Classifier", "Provides-Extra", "Dynamic", "Project-URL")
    found: dict[str, str] = {}
    for field in fields:
        name = field.partition(":")[0]
        found[field if name in many else name] = field
    return list(found.values())


def _spelled(field: str, spelled: Callable[[str], str]) -> str:
    name, colon, value = field.partition(":")
    if spelled in {str, str.lower, str.upper} or not colon:
        return f"{spelled(name)}{colon}{value}"
    return spelled(field)


def _tight(field: str) -> str:
    return field.replace(": ", ":", 1)


def _wide(field: str) -> str:
    return field.replace(": ", ":   ", 1)


def _tabbed(field: str) -> str:
    return field.replace(": ", ":\t", 1)


def wheel_file(dice: Dice) -> bytes:
    """The file WHEEL."""
    lines = [f"Wheel-Version: {dice.mostly('1.0', '1.9', '1.10', '2.0')}", "Generator: tests (1.0)"]
    pure = dice.choice(["true", "false", "True", dice.mostly("true", "yes")])
    lines += [dice.choice(["Root-Is-Purelib: ", "root-is-purelib:"]) + pure]
    tags = [["Tag: py3-none-any"], ["Tag: py3-none-any"] * 2, dice.mostly(["Tag: py3-none-any"], ["Tag: py2-none-any"])]
    lines += dice.choice(tags) + dice.choice([[], [], ["Build:"], ["X-More: \xe4"], ["Install-Paths-To: x"]])
    lines = dice.shuffled(lines)
    if dice.mostly(False, True):
        lines.insert(dice.randint(0, len(lines)), dice.choice([*ODD, *ODD_TAGS]))
    return (dice.choice(["\n", "\n", "\r\n"]).join(lines) + dice.choice(["\n", "", "\n\n"])).encode()


def record(dice: Dice, held: Mapping[str, bytes], own: str) -> bytes:
    """RECORD of these contents; `own` is its own path."""
    algorithm = dice.choice(["sha256", "sha256", "sha384", "sha512", dice.mostly("sha256", "md5", "sha1")])
    filled, quote = dice.choice(["", "", "="]), dice.choice(["", "", '"'])
    lines = [_recorded(dice, name, held[name], algorithm, filled, quote) for name in held if not name.endswith("/")]
    lines += [f"{name},," for name in held if name.endswith("/") and dice.even()]
    lines += [
        dice.choice(
            [f"{own},,", f"{own},,", f'"{own}","",""', dice.mostly(f"{own},,", f"{own}", f"{own},sha256=x,", share=20)]
        )
    ]
    lines = dice.shuffled(lines)
    if dice.mostly(False, True):
        lines.insert(
            dice.randint(0, len(lines)), dice.choice(["", "x/,,", "gone.py,,", lines[0], "demo/__init__.py,,"])
        )
    end = dice.choice(["\n", "\n", "\r\n", dice.mostly("\n", "\r")])
    return (end.join(lines) + dice.choice([end, ""])).encode()


def _recorded(dice: Dice, name: str, content: bytes, algorithm: str, filled: str, quote: str) -> str:
    """The line of one file."""
    digest = base64.urlsafe_b64encode(hashlib.new(algorithm, content).digest()).decode()
    size = dice.choice([str(len(content)), str(len(content)), "", dice.mostly("", f"0{len(content)}", "-1")])
    path = dice.mostly(name, f"./{name}", name.upper(), share=60)
    marked = '"' if quote or not {",", '"', "\n", "\r"}.isdisjoint(path) else ""
    path = marked + (path.replace('"', '""') if marked else path) + marked
    return f"{path},{algorithm}={digest.rstrip('=') + filled},{size}"


ODD_TAGS = [
    *(
        "Build: 1",
        "Wheel-Version: 1.0",
        "Root-Is-Purelib: maybe",
        "Tag: py3-none",
        "Tag: py3-cp311-any",
        "Tag: py3-none-win32",
    ),
]
POINTS = [
    "[console_scripts]\ndemo = demo:main\n",
    "[console_scripts]\r\nDemo = demo.cli:main [x]\r\n[gui_scripts]\r\nshown=demo:show\r\n",
    "# said\n[demo.plugins]\na b = demo\nother = demo:x.y\n",
    "[console_scripts]\nrun = demo:main\nrun-it = demo:main\n",
    "[console_scripts]\nd\xe9mo = demo:main\n",
]
ODD_POINTS = [
    "[console_scripts]\ndemo = demo:main\n more = demo:other\n",
    "[a]\nx = y\n[a]\nx = z\n",
    "[console_scripts]\n../x = demo:main\n",
    "[not a group]\nx = y\n",
    f"[a]\n{'x' * 501} = y\n",
]
