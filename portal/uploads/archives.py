"""What a wheel and an sdist have in common: bounded size, and members that stay inside when unpacked."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from portal.uploads import flaws
from portal.uploads.errors import Refusal

MEMBER_LIMIT = 65_000
PATH_LIMIT = 1000
DEPTH_LIMIT = 50
METADATA_LIMIT = 2 * 1024 * 1024
SMALL = 64 * 1024 * 1024
METADATA_SMALL = 64 * 1024
RATIO_LIMIT = 50
UNPACKED_LIMIT = 2 * 1024 * 1024 * 1024
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
WINDOWS = re.compile(r":|[. ](?:/|$)")


class Malformed(ValueError):
    """These bytes are not such an archive."""


@dataclass(frozen=True)
class Inside:
    """What an archive holds: its core metadata, its files, and the folder in which license files are looked for."""

    metadata: bytes
    files: Collection[str]
    licenses: str


def check_ratio(packed: int, unpacked: int) -> None:
    """Raise Refusal for what unpacks to far more than its own size (a decompression bomb). Sizes in bytes."""
    if unpacked > UNPACKED_LIMIT or (unpacked > SMALL and unpacked > packed * RATIO_LIMIT):
        raise Refusal(flaws.ARCHIVE_BOMB)


def check_metadata_ratio(packed: int, metadata: int) -> None:
    """Raise Refusal for metadata far larger than the whole archive: kept as it is, it would fill the disk for nothing.

    Sizes in bytes.
    """
    if metadata > METADATA_SMALL and metadata > packed * RATIO_LIMIT:
        raise Refusal(flaws.ARCHIVE_BOMB)


def check_path(name: str) -> str:
    """The member's path, without the slash of a folder. Raises Refusal for one that `check_inside` refuses, or that
    goes through "." or nothing: of those some readers make other paths than others.
    """
    check_inside(name)
    path = name.removesuffix("/")
    if not {"", "."}.isdisjoint(path.split("/")):
        raise Refusal(flaws.MEMBER_SPELLING, member=name)
    return path


def check_inside(name: str) -> None:
    """Raise Refusal for a path that leaves its folder on any system, or is too long."""
    if len(name) > PATH_LIMIT or name.count("/") > DEPTH_LIMIT:
        raise Refusal(flaws.MEMBER_LONG, member=name)
    first, *others = name.split("/")
    # A colon after the first letter is a drive on Windows.
    odd = "\\" in name or ":" in first or not name.strip("/.") or CONTROLS.search(name)
    if odd or not first or ".." in (first, *others):
        raise Refusal(flaws.MEMBER_PATH, member=name)


def folded(path: str) -> str:
    """The form in which two paths are equal that are one file on some system: without case, composed (Unicode D145),
    and as Windows takes them: without dots and spaces at the end of a part, and without what follows a colon.
    """
    if WINDOWS.search(path):
        path = "/".join(part.partition(":")[0].rstrip(". ") or part for part in path.split("/"))
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def folders_above(path: str) -> Iterator[str]:
    """The folders that hold a path, the topmost first."""
    at = path.find("/")
    while at != -1:
        yield path[:at]
        at = path.find("/", at + 1)


@dataclass
class Members:
    """The members seen so far: path → whether it is a folder; and by folded path the one that was first."""

    seen: dict[str, bool] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, *, folder: bool) -> str:
        """The plain path of one more member. Raises Refusal for a bad path, a second one, or one too many."""
        path = check_path(name)
        other = self.first.setdefault(folded(path), path)
        if path in self.seen and not (folder and self.seen[path]):
            raise Refusal(flaws.MEMBER_TWICE, member=name)
        if other != path and not (folder and self.seen[other]):
            raise Refusal(flaws.MEMBER_ALIKE, member=name, other=other)
        self.seen[path] = folder
        if len(self.seen) > MEMBER_LIMIT:
            raise Refusal(flaws.TOO_MANY_MEMBERS, limit=MEMBER_LIMIT)
        return path

    def check_link(self, path: str, target: str) -> None:
        """A member that points to another path beside itself. Raises Refusal where that leads out of the top folder.

        ``..`` counts only at the target's beginning: behind the name of another link it leads anywhere. Out of the
        top folder and back leads elsewhere for those who unpack without that folder (pip).
        """
        climbing = target
        while climbing.startswith("../"):
            climbing = climbing[3:]
        if (len(target) - len(climbing)) // 3 >= path.count("/"):
            raise Refusal(flaws.MEMBER_PATH, member=path)
        aim = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        check_inside(climbing)
        check_inside(aim)
        if aim.partition("/")[0] != path.partition("/")[0]:
            raise Refusal(flaws.MEMBER_PATH, member=path)

    def check_folders(self) -> None:
        """Raise Refusal for a member below a file or a link: it would land wherever the link leads."""
        for key, path in self.first.items():
            for above in folders_above(key):
                held = self.first.get(above)
                if held is not None and not self.seen[held]:
                    raise Refusal(flaws.MEMBER_BELOW_LINK, member=path)

    def files(self) -> frozenset[str]:
        """The paths of all members but folders."""
        return frozenset(path for path, folder in self.seen.items() if not folder)

    def tops(self) -> set[str]:
        """The names at the top."""
        return {path.partition("/")[0] for path in self.seen}
