"""Telling a new instance from one that has lost its database.

Keys or files without the row that waits for the first administrator mean that the database was lost, or that
another one is configured. Whoever starts the server then must not become the owner of what is there.
"""

from __future__ import annotations

from pathlib import Path

from portal.accounts.models import Setup
from portal.accounts.service import SETUP_ID
from portal.kernel.database import Database
from portal.kernel.once import INSERTS

KEYS = Path("keys") / "keys.json"
FILES = Path("files")


def remains(data: Path) -> bool:
    """Whether a data directory holds keys or files of an earlier start."""
    files = data / FILES
    return (data / KEYS).exists() or (files.is_dir() and any(path.is_file() for path in files.rglob("*")))


def expect_administrator(database: Database) -> None:
    """Write down that the instance waits for its first administrator, unless that is written already.

    Called before the first key is made, so that a start that is interrupted can be repeated.
    """
    insert = INSERTS[database.url.get_backend_name()](Setup)
    with database.session(write=True) as session:
        session.execute(insert.values(id=SETUP_ID).on_conflict_do_nothing())
        session.commit()
