"""The migrations lead to the tables that the models describe, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql
from sqlalchemy import inspect

from portal.app.schema import all_tables, migrate
from portal.kernel.database import Database
from tests.support.postgres import Cluster

MODELLED = {"include_name": lambda name, kind, _parents: kind != "table" or not name.startswith("search_documents")}
"""Everything but the full-text search: each database has its own kind of table for it, which no model can describe."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        name = f"migrated_{uuid4().hex}"
        with cluster.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = cluster.url(name)
    database = Database(url)
    yield database
    database.close()


def test_a_migrated_database_differs_in_nothing_from_the_models(empty: Database) -> None:
    migrate(empty)
    with empty.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=MODELLED), all_tables()) == []


def test_the_comparison_sees_a_missing_table(empty: Database) -> None:
    migrate(empty)
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE used")
    with empty.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=MODELLED), all_tables()) != []


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    before = inspect(empty.engine).get_table_names()
    migrate(empty)
    assert inspect(empty.engine).get_table_names() == before
