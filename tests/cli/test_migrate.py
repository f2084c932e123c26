"""`doorward migrate`: the newest schema, as often as one likes."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from portal.app.schema import all_tables

from .conftest import Command


def tables(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "doorward.sqlite3")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_every_table_is_there_and_a_second_time_changes_nothing(command: Command, data: Path) -> None:
    assert command("migrate").out == "The database has the newest schema.\n"
    first = tables(data)
    assert set(all_tables().tables) <= first
    assert command("migrate").status == 0
    assert tables(data) == first


def test_nobody_else_can_read_what_is_in_the_data_directory(command: Command, data: Path) -> None:
    command("migrate")
    assert {stat.S_IMODE(path.stat().st_mode) for path in [data, *data.rglob("*")]} <= {0o700, 0o600}


def test_migrating_before_the_first_start_leaves_the_instance_new(command: Command, data: Path) -> None:
    command("migrate")
    assert command("first-administrator").status == 0


def test_a_database_of_a_version_that_is_not_known_is_left_alone_and_told(command: Command, data: Path) -> None:
    command("migrate")
    with closing(sqlite3.connect(data / "doorward.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
        connection.commit()
    said = command("migrate")
    assert said.status == 1
    assert said.err.startswith("The database was made by another version of Doorward")
    assert said.err.count("\n") == 1
