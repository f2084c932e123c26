"""Removing what no upload and no row needs: temporary files of the dead, and stored files that no row names."""

from __future__ import annotations

import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from portal.kernel.work import Instance, Work
from portal.projects.models import METADATA_SUFFIX, File
from portal.projects.store import FileStore
from portal.uploads.receive import incoming

INCOMING_LIFE = timedelta(minutes=2)
STORED_LIFE = timedelta(minutes=10)
"""Longer than an upload needs from its first byte in the store to its row. A running one also holds its files."""
BATCH = 500


def sweep(instance: Instance) -> None:
    """Remove stray files. Safe beside running uploads: young files stay, and so does whatever an upload holds."""
    with instance.work(write=False) as work:
        sweep_incoming(work)
        sweep_store(work)


def sweep_incoming(work: Work) -> None:
    """Remove temporary files that nobody receives any more."""
    for path in incoming(work).glob("*.part"):
        try:
            if _written(path) < work.now - INCOMING_LIFE:
                with path.open("r+b") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
        except (FileNotFoundError, BlockingIOError):
            # Its upload has just ended, or still lives.
            continue


def sweep_store(work: Work) -> None:
    """Remove stored files that no row names."""
    store = work.port(FileStore)
    old = [stored.key for stored in store.stored() if stored.since < work.now - STORED_LIFE]
    for start in range(0, len(old), BATCH):
        keys = old[start : start + BATCH]
        named = _named(work, {key.removesuffix(METADATA_SUFFIX) for key in keys})
        for key in keys:
            if key.removesuffix(METADATA_SUFFIX) not in named:
                store.remove(key)


def _named(work: Work, keys: set[str]) -> set[str]:
    found = set(work.db.scalars(select(File.path).where(File.path.in_(keys))))
    work.settle()
    return found


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
