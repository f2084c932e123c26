"""The same archive read by us and by others: `zipfile`, `tarfile`, GNU tar, and what pip and uv made of it."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import shutil
import subprocess
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from posixpath import normpath
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

from portal.projects.names import normalize
from portal.uploads.archives import Inside
from portal.uploads.inflate import GZIP, Stream, inflated, raw
from portal.uploads.metadata import Described
from portal.uploads.tars import FILES, FOLDER, SYMLINK, Tar, next_member
from portal.uploads.zips import entries, pieces

LISTED = re.compile(rb"([-dlhC])[-a-zA-Z]{9} \S+ +[0-9]+ \S+ \S+ (.*)")
WRITTEN_BY_INSTALLERS = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}
Seen = dict[str, str]
"""What an archive holds beside folders: path → hash of a file, or what a link leads to."""


class Disagreement(AssertionError):
    """An archive was taken in which another reader finds other files."""


def plain(name: str) -> str:
    """A path as the checks write it."""
    return "/".join(part for part in name.split("/") if part not in {"", "."})


def hashed(content: bytes) -> str:
    """The hash by which contents are compared."""
    return hashlib.sha256(content).hexdigest()


def ours(path: Path, kind: str) -> tuple[Seen, bytes]:
    """What we read; of an sdist also the contents of all files behind each other."""
    with path.open("rb") as file:
        if kind == "whl":
            found = [entry for entry in entries(file) if not entry.folder]
            return {entry.name: hashed(b"".join(pieces(file, entry))) for entry in found}, b""
        size = path.stat().st_size
        return _of_tar(Tar(Stream(inflated(raw(file, size), GZIP)), size))


def _of_tar(tar: Tar) -> tuple[Seen, bytes]:
    seen, contents = {}, b""
    while member := next_member(tar):
        content = tar.content(member.size, keep=True)
        contents += content
        if member.kind in FILES:
            seen[plain(member.name)] = hashed(content)
        elif member.kind != FOLDER:
            seen[plain(member.name)] = ("-> " if member.kind == SYMLINK else "as ") + member.target
    return seen, contents


def compare(path: Path, kind: str, inside: Inside) -> None:
    """Raise Disagreement unless Python's own readers and GNU tar find what we find, and the same metadata."""
    found, contents = ours(path, kind)
    theirs, metadata = by_zipfile(path) if kind == "whl" else by_tarfile(path)
    _same(found, theirs)
    if set(found) != set(inside.files) or metadata != inside.metadata:
        raise Disagreement(metadata)
    if kind == "sdist":
        compare_with_tar(path, found, contents)


def _same(found: Seen, theirs: Seen) -> None:
    if found != theirs:
        raise Disagreement(sorted(set(found.items()) ^ set(theirs.items())))


def by_zipfile(path: Path) -> tuple[Seen, bytes]:
    """What `zipfile` finds, every checksum compared, and METADATA."""
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        contents = {plain(info.filename): archive.read(info) for info in members}
    if len(contents) != len(members):
        raise Disagreement(members)
    told = [content for name, content in contents.items() if re.fullmatch(r"[^/]*\.dist-info/METADATA", name)]
    return {name: hashed(content) for name, content in contents.items()}, b"".join(told)


def by_tarfile(path: Path) -> tuple[Seen, bytes]:
    """What `tarfile` finds, and PKG-INFO."""
    seen, told = {}, b""
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes()), mode="r:gz") as archive:
        for member in archive.getmembers():
            name = plain(member.name)
            if member.isreg():
                content = archive.extractfile(member).read()  # type: ignore[union-attr]
                seen[name] = hashed(content)
                told = content if name.partition("/")[2] == "PKG-INFO" else told
            elif not member.isdir():
                seen[name] = ("-> " if member.issym() else "as ") + member.linkname
    return seen, told


def compare_with_tar(path: Path, seen: Seen, contents: bytes) -> None:
    """Raise Disagreement unless GNU tar finds the same members with the same contents."""
    # Contents go to one stream, the list to the other; nothing is written to the disk.
    command = [gnu_tar(), "-x", "-O", "-vv", "-f", "-", "--numeric-owner", "--quoting-style=literal"]
    unpacked = gzip.decompress(path.read_bytes())
    done = subprocess.run(command, input=unpacked, capture_output=True, check=False, env={"LC_ALL": "C"})
    if done.returncode:
        raise Disagreement(done.stderr)
    listed = [LISTED.fullmatch(line) for line in done.stderr.split(b"\n") if not line.startswith(b"tar: ")]
    theirs = {plain(found[2].decode()) for found in listed if found and found[1] != b"d"}
    mine = {_listed(name, held) for name, held in seen.items()}
    if mine != theirs:
        raise Disagreement(sorted(mine ^ theirs))
    if contents != done.stdout:
        raise Disagreement(done.stdout)


def _listed(name: str, held: str) -> str:
    """A name as GNU tar lists it: with the target behind it."""
    if held.startswith("-> "):
        return plain(f"{name} {held}")
    return plain(f"{name} link to {held[3:]}") if held.startswith("as ") else name


@cache
def gnu_tar() -> str:
    """Where GNU tar is. Raises FileNotFoundError, which says what to install."""
    for name in ("tar", "gtar"):
        found = shutil.which(name)
        if found and b"GNU tar" in subprocess.run([found, "--version"], capture_output=True, check=True).stdout:
            return found
    raise FileNotFoundError("GNU tar is needed to compare with. On Debian and Ubuntu: apt-get install tar")


def compare_with_installers(path: Path, kind: str, told: Described, answers: dict[str, Any]) -> None:
    """Raise Disagreement where pip or uv put something else on the disk, or read other metadata. Either may refuse."""
    seen, _contents = ours(path, kind)
    wanted = {} if kind == "whl" else seen
    for name, held in seen.items() if kind == "whl" else ():
        wanted[placed(name)] = held
    for reader, answer in answers.items():
        if isinstance(answer, str):
            continue
        found, metadata = answer
        difference = _difference(_resolved(wanted), _resolved(found))
        if difference:
            raise Disagreement(reader, difference)
        if metadata and [normalize(metadata[0]), Version(metadata[1]), set(metadata[2])] != _metadata(told):
            raise Disagreement(reader, metadata, _metadata(told))


def _difference(wanted: Seen, found: Seen) -> list[tuple[str, str]]:
    """What only one of them has. Scripts are written anew by installers, commands are made by them."""
    differs = set(wanted.items()) ^ set(found.items())
    names = {name for name, _held in differs}
    made = {name for name in names if name.startswith("bin/") and name in found} | {".lock"}
    made |= {name for name in names if ".dist-info/" in name and name.rpartition("/")[2] in WRITTEN_BY_INSTALLERS}
    return sorted(one for one in differs if one[0] not in made)


def _resolved(wanted: Seen) -> Seen:
    """With the contents of hard links, which on the disk are files as others."""
    found = {}
    for name, held in wanted.items():
        found[name] = wanted[plain(held[3:])] if held.startswith("as ") else held
        # pip writes what links lead to in its shortest form.
        found[name] = f"-> {normpath(held[3:])}" if held.startswith("-> ") else found[name]
    return found


def placed(name: str) -> str:
    """Where a wheel's member is put by an installer (binary distribution format)."""
    top, _, rest = name.partition("/")
    kind, _, inner = rest.partition("/")
    if not top.endswith(".data"):
        return name
    return {"scripts": "bin/", "headers": "include/demo/"}.get(kind, "") + inner


def _metadata(told: Described) -> list[Any]:
    """Our reading of metadata: name, version, and the names of what is needed without any extra."""
    needed = {Requirement(one) for one in told.rest.get("requires_dist", [])}
    return [
        normalize(told.name),
        told.version,
        {normalize(one.name) for one in needed if "extra ==" not in str(one.marker)},
    ]
