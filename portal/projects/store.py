"""The file-store port, and the store on a disk.

A key is a relative path of plain names ("3f/3f2a…/wheel-1.0-py3-none-any.whl"). Each attempt to
store a file has a key of its own, so that nothing is ever written over.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from portal.kernel.errors import NotFound


@dataclass(frozen=True)
class Stored:
    """One stored file, as a sweep sees it; `since` is when it was last written."""

    key: str
    since: datetime


class FileStore(Protocol):
    """Where uploaded files lie."""

    def put(self, sources: Mapping[str, Path]) -> None:
        """Move finished files into the store, each under its key. When this returns, no power cut takes one away."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The file, opened for reading and seekable. Raises NotFound."""
        ...

    def remove(self, key: str) -> None:
        """Remove a file, if it is there and nobody is just storing it."""
        ...

    def stored(self) -> Iterator[Stored]:
        """Every file of the store."""
        ...


class DiskStore:
    """Files below one folder. What `put` moves must lie on the same file system."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, sources: Mapping[str, Path]) -> None:
        """Write out, rename, write the folders out: in this order, so that no half file ever bears a name."""
        targets = {self._path(key): source for key, source in sources.items()}
        for target, source in targets.items():
            _sync(source)
            self._make_folder(target.parent)
            source.rename(target)
        for folder in {target.parent for target in targets}:
            _sync(folder)

    def open(self, key: str) -> BinaryIO:
        """The file, opened for reading. Raises NotFound."""
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NotFound from error

    def remove(self, key: str) -> None:
        """Remove a file and the folder that it leaves empty; a file that somebody has locked stays.

        Uploads lock theirs (LOCK_SH, under whatever name it gets) while they last; the system lets go of the lock
        when the process dies, so that a sweep never waits for the dead.
        """
        path = self._path(key)
        try:
            with path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                path.parent.rmdir()
        except OSError:
            # Held by an upload, gone already, or the folder holds another file: each is somebody else's.
            return

    def stored(self) -> Iterator[Stored]:
        """Every file below the root, in no order."""
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = Path(folder, name)
                try:
                    since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                except FileNotFoundError:
                    continue
                yield Stored(str(path.relative_to(self.root)), since)

    def _path(self, key: str) -> Path:
        parts = key.split("/")
        if any(part in {"", ".", ".."} or "\x00" in part for part in parts):
            raise NotFound
        return self.root.joinpath(*parts)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and its parents; each new name is written out in the folder that holds it."""
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
            _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
