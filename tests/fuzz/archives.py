"""What is fuzzed, and what must be true of every answer."""

from __future__ import annotations

import tarfile
from pathlib import Path

from packaging.version import Version

from portal.uploads.declared import SDIST, WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.metadata import Described, described
from portal.uploads.rules import Rules
from portal.uploads.sdists import read_sdist
from portal.uploads.wheels import read_wheel
from tests.fuzz.readers import compare
from tests.uploads.artefacts import WHEEL_FILE, link, sdist, sdist_members, tarred, wheel, wheel_members, zipped_wheel

INFO = "demo-1.0.dist-info"
FILENAME = "demo-1.0-py3-none-any.whl"
CORPUS = Path(__file__).parent / "corpus"
TAKEN = "taken"


def seeds() -> dict[str, list[bytes]]:
    """Good archives of each kind, and the corpus."""
    points = {f"{INFO}/entry_points.txt": "[console_scripts]\ndemo = demo:main\n", "demo/": ""}
    format_lines = {f"{INFO}/WHEEL": WHEEL_FILE.replace("\n", "\r\n") + "Build: \r\nTag: py3-none-linux_x86_64"}
    found = {
        "whl": [
            wheel().content,
            zipped_wheel(wheel_members() | points),
            zipped_wheel(wheel_members() | format_lines),
        ],
        "sdist": [
            sdist().content,
            tarred([*sdist_members(), link("demo-1.0/l", "PKG-INFO")], tarfile.GNU_FORMAT),
            tarred([*sdist_members(), link("demo-1.0/h", "demo-1.0/PKG-INFO", tarfile.LNKTYPE)], tarfile.USTAR_FORMAT),
        ],
    }
    for path in sorted(CORPUS.iterdir()):
        found[path.suffix[1:]].append(path.read_bytes())
    return found


def answer(path: Path, kind: str) -> str | Described:
    """The code with which this file is refused, or what it says of itself. Raises Disagreement, and what escapes."""
    declared = Declared("demo", Version("1.0"), WHEEL if kind == "whl" else SDIST, "py3", {}, None)
    try:
        inside = read_wheel(path, FILENAME, declared) if kind == "whl" else read_sdist(path, "demo")
        told = described(inside, declared, Rules())
    except Refusal as refusal:
        return refusal.code
    compare(path, kind, inside)
    return told


def outcome(path: Path, kind: str) -> str:
    """The code with which this file is refused, or `TAKEN`. Raises Disagreement, and what escapes."""
    found = answer(path, kind)
    return found if isinstance(found, str) else TAKEN
