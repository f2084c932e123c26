"""An empty database for each test, on SQLite and on PostgreSQL, made once and then only emptied."""

from __future__ import annotations

import shutil
from pathlib import Path

from portal.app.schema import migrate
from portal.kernel.database import Database
from tests.support.postgres import Cluster

TEST_DATABASE = "tests"


def make_schema(url: str) -> None:
    """All tables of the product, in the empty database at `url`, made by the migrations."""
    database = Database(url)
    migrate(database)
    database.close()


class SqliteDatabase:
    """A file, replaced by a copy of an empty one before each test."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "doorward.sqlite3"
        self.template = folder / "template.sqlite3"
        self.url = f"sqlite:///{self.path}"
        make_schema(f"sqlite:///{self.template}")
        self.empty()

    def empty(self) -> None:
        """Start again with empty tables. Connections must have been closed."""
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)


class PostgresDatabase:
    """One database of the worker's own server, emptied before each test."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.url = cluster.url(TEST_DATABASE)
        with cluster.connect() as connection:
            connection.execute(f"CREATE DATABASE {TEST_DATABASE}")
        make_schema(self.url)
        with cluster.connect(TEST_DATABASE) as connection:
            rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        # Deleting a handful of rows is ten times quicker than truncating; without triggers the order does not matter.
        deletes = "; ".join(f'DELETE FROM "{name}"' for (name,) in rows if name != "alembic_version")  # noqa: S608
        self.statement = f"SET session_replication_role = replica; {deletes}".encode()

    def empty(self) -> None:
        """Delete all rows; whoever is still connected is sent away."""
        with self.cluster.connect(TEST_DATABASE) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(self.statement)
