"""The application under test: everything real, but hashing cheap and no worker in the background.

Putting an application together takes much longer than most tests. So each kind of database has one
for the whole run; before a test its database and its data directory are emptied and its clock set.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from portal.app import Application, assemble
from portal.kernel.settings import Settings
from portal.kernel.work import Actor
from tests.support.clock import NOON, FixedClock
from tests.support.databases import PostgresDatabase, SqliteDatabase

BASE_URL = "http://localhost"
KEPT = "keys"
READER = Actor(address="192.0.2.7", browser="Firefox on Linux")


def make_settings(data: Path, database_url: str, **changes: Any) -> Settings:
    """Settings of a test instance in the folder `data`; `changes` replace what the test is about."""
    settings = Settings(
        data=data,
        base_url=BASE_URL,
        database_url=database_url,
        registration="open",
        argon2_memory_kib=64,
        argon2_rounds=1,
        run_worker=False,
    )
    return replace(settings, **changes)


class Bed:
    """One application on one kind of database, and the means to make it as new."""

    def __init__(self, database: SqliteDatabase | PostgresDatabase, data: Path) -> None:
        self.database = database
        self.data = data
        self.clock = FixedClock()
        self.settings = make_settings(data, database.url)
        self.others: list[Application] = []
        data.mkdir(mode=0o700)
        self.application = self.assemble()

    def assemble(self, **changes: Any) -> Application:
        """An application with other settings on the same database, data directory and clock."""
        application = assemble(replace(self.settings, **changes), clock=self.clock)
        self.others.append(application)
        return application

    def renew(self) -> None:
        """An empty database, an empty data directory, noon."""
        self.close()
        self.database.empty()
        self.clock.at = NOON
        for path in self.data.iterdir():
            if path.is_dir() and path.name != KEPT:
                shutil.rmtree(path)

    def close(self) -> None:
        """Close the connections to the database."""
        for application in [self.application, *self.others]:
            application.instance.database.close()
        self.others.clear()
