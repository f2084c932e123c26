"""What a wheel and an sdist have in common: bounded size, and members that stay inside when unpacked."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from portal.uploads import errors
from portal.uploads.errors import Refusal

MEMBER_LIMIT = 65_000
METADATA_LIMIT = 2 * 1024 * 1024
SMALL = 64 * 1024 * 1024
RATIO_LIMIT = 50


def check_ratio(packed: int, unpacked: int) -> None:
    """Raise Refusal for what unpacks to far more than its own size (a decompression bomb). Sizes in bytes."""
    if unpacked > SMALL and unpacked > packed * RATIO_LIMIT:
        raise Refusal(errors.ARCHIVE_BOMB)


def check_path(name: str) -> str:
    """The member's path in plain form. Raises Refusal for one that leaves its folder on any system."""
    first, *others = name.split("/")
    # A colon after the first letter is a drive on Windows.
    odd = "\\" in name or ":" in first or not name.strip("/.") or any(ord(char) < 0x20 for char in name)
    if odd or not first or ".." in (first, *others):
        raise Refusal(errors.MEMBER_PATH, member=name)
    return posixpath.normpath(name)


@dataclass
class Members:
    """The members seen so far: path → whether it is a folder."""

    seen: dict[str, bool] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)

    def add(self, name: str, *, folder: bool) -> str:
        """The plain path of one more member. Raises Refusal for a bad path, a second one, or one too many."""
        path = check_path(name)
        if path in self.seen and not (folder and self.seen[path]):
            raise Refusal(errors.MEMBER_TWICE, member=name)
        self.seen[path] = folder
        if len(self.seen) > MEMBER_LIMIT:
            raise Refusal(errors.TOO_MANY_MEMBERS, limit=MEMBER_LIMIT)
        return path

    def add_link(self, path: str, target: str) -> None:
        """A member that points to another path beside itself. Raises Refusal where that lies in another top folder.

        ``..`` counts only at the target's beginning: behind the name of another link it leads anywhere.
        """
        climbing = target
        while climbing.startswith("../"):
            climbing = climbing[3:]
        aim = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if check_path(climbing) and check_path(aim).partition("/")[0] != path.partition("/")[0]:
            raise Refusal(errors.MEMBER_PATH, member=path)
        self.links.add(path)

    def check_links(self) -> None:
        """Raise Refusal for a member below a link: it would land wherever the link leads."""
        for path in self.seen if self.links else ():
            parent = posixpath.dirname(path)
            while parent and parent not in self.links:
                parent = posixpath.dirname(parent)
            if parent:
                raise Refusal(errors.MEMBER_BELOW_LINK, member=path)

    def tops(self) -> set[str]:
        """The names at the top."""
        return {path.partition("/")[0] for path in self.seen}
