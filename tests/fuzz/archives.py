"""What is fuzzed, and what must be true of every answer."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from functools import cache
from pathlib import Path

from packaging.version import Version

from portal.uploads.archives import Inside
from portal.uploads.declared import SDIST, WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.metadata import described
from portal.uploads.rules import Rules
from portal.uploads.sdists import read_sdist
from portal.uploads.wheels import read_wheel
from tests.uploads.artefacts import WHEEL_FILE, link, sdist, sdist_members, tarred, wheel, wheel_members, zipped_wheel

INFO = "demo-1.0.dist-info"
FILENAME = "demo-1.0-py3-none-any.whl"
CORPUS = Path(__file__).parent / "corpus"
TAKEN = "taken"
LISTED = re.compile(rb"([-dlhC])[-a-zA-Z]{9} \S+ +[0-9]+ \S+ \S+ (.*)")


class Disagreement(AssertionError):
    """An archive was taken in which another reader finds other files."""


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


def outcome(path: Path, kind: str) -> str:
    """The code with which this file is refused, or `TAKEN`. Raises Disagreement, and whatever escapes the checks."""
    declared = Declared("demo", Version("1.0"), WHEEL if kind == "whl" else SDIST, "py3", {}, None)
    try:
        inside = read_wheel(path, FILENAME, declared) if kind == "whl" else read_sdist(path, "demo")
        described(inside, declared, Rules())
    except Refusal as refusal:
        return refusal.code
    compare(path, kind, inside)
    return TAKEN


def compare(path: Path, kind: str, inside: Inside) -> None:
    """Raise Disagreement unless Python's own readers find the same files, and the same metadata."""
    files, metadata = by_zipfile(path) if kind == "whl" else by_tarfile(path)
    if files != set(inside.files):
        raise Disagreement(sorted(files ^ set(inside.files)))
    if metadata != inside.metadata:
        raise Disagreement(metadata)
    if kind == "sdist":
        compare_with_tar(path)


def by_zipfile(path: Path) -> tuple[set[str], bytes]:
    """Files and metadata as `zipfile` finds them, every checksum compared."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise Disagreement(archive.testzip())
        names = {plain(info.filename) for info in archive.infolist() if not info.is_dir()}
        return names, archive.read(f"{INFO}/METADATA")


def by_tarfile(path: Path) -> tuple[set[str], bytes]:
    """Files and metadata as `tarfile` finds them."""
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes()), mode="r:gz") as archive:
        members = archive.getmembers()
        names = {plain(member.name) for member in members if not member.isdir()}
        held = [member for member in members if member.isreg() and plain(member.name).partition("/")[2] == "PKG-INFO"]
        content = archive.extractfile(held[0]) if len(held) == 1 else None
        return names, content.read() if content else b""


def compare_with_tar(path: Path) -> None:
    """Raise Disagreement unless GNU tar finds the same members with the same contents as `tarfile`."""
    unpacked = gzip.decompress(path.read_bytes())
    # Contents go to one stream, the list to the other; nothing is written to the disk.
    command = [gnu_tar(), "-x", "-O", "-vv", "-f", "-", "--numeric-owner", "--quoting-style=literal"]
    done = subprocess.run(command, input=unpacked, capture_output=True, check=False, env={"LC_ALL": "C"})
    if done.returncode:
        raise Disagreement(done.stderr)
    listed = [LISTED.fullmatch(line) for line in done.stderr.split(b"\n") if not line.startswith(b"tar: ")]
    theirs = {(found[1] == b"d", plain(found[2].decode())) for found in listed if found}
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
        members = archive.getmembers()
        ours = {(member.isdir(), plain(_listed(member))) for member in members}
        contents = b"".join(archive.extractfile(member).read() for member in members if member.isreg())  # type: ignore[union-attr]
    if ours != theirs:
        raise Disagreement(sorted(ours ^ theirs))
    if contents != done.stdout:
        raise Disagreement(done.stdout)


def _listed(member: tarfile.TarInfo) -> str:
    """A name as GNU tar lists it: with the target behind it."""
    if member.issym():
        return f"{member.name} -> {member.linkname}"
    return f"{member.name} link to {member.linkname}" if member.islnk() else member.name


@cache
def gnu_tar() -> str:
    """Where GNU tar is. Raises FileNotFoundError, which says what to install."""
    for name in ("tar", "gtar"):
        found = shutil.which(name)
        if found and b"GNU tar" in subprocess.run([found, "--version"], capture_output=True, check=True).stdout:
            return found
    raise FileNotFoundError("GNU tar is needed to compare with. On Debian and Ubuntu: apt-get install tar")


def plain(name: str) -> str:
    """A path as the checks write it."""
    return "/".join(part for part in name.split("/") if part not in {"", "."})
