"""SQLite and PostgreSQL as equals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from sqlite3 import OperationalError as SqliteError
from sqlite3 import connect

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import StatementError

from portal.kernel.once import Used
from portal.kernel.work import Instance, Work
from tests.support.clock import NOON
from tests.support.instances import Bed

AT_ONCE = 16


def test_an_instant_comes_back_aware_and_in_utc_whatever_zone_it_was_given_in(work: Work) -> None:
    tokyo = timezone(timedelta(hours=9))
    work.db.add(Used(id="a", until=NOON.astimezone(tokyo)))
    work.settle()
    work.db.expire_all()

    until = work.db.scalars(select(Used.until)).one()
    assert until == NOON
    assert until.tzinfo == UTC


def test_a_naive_instant_is_refused(work: Work) -> None:
    work.db.add(Used(id="a", until=datetime(2026, 6, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="naive datetime"):
        work.db.flush()


def test_a_conditional_update_tells_how_many_rows_it_met(work: Work) -> None:
    work.db.add(Used(id="a", until=NOON))
    work.db.flush()
    change = update(Used).where(Used.until == NOON).values(until=NOON + timedelta(1))

    assert [work.db.execute(change).rowcount for _ in range(2)] == [1, 0]  # type: ignore[attr-defined]


def test_reading_then_writing_in_one_transaction_never_fails_and_loses_nothing(instance: Instance) -> None:
    with instance.work() as work:
        work.db.add(Used(id="a", until=NOON))

    def add_a_second(_number: int) -> None:
        with instance.work() as work:
            row = work.db.get_one(Used, "a", with_for_update=True)
            row.until += timedelta(seconds=1)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(add_a_second, range(AT_ONCE)))
    with instance.work() as work:
        assert work.db.get_one(Used, "a").until == NOON + timedelta(seconds=AT_ONCE)


@pytest.fixture
def sqlite(sqlite_bed: Bed) -> Instance:
    """An instance on SQLite, for what is SQLite's own."""
    sqlite_bed.renew()
    return sqlite_bed.application.instance


def test_on_sqlite_a_writer_holds_the_lock_from_its_first_statement_and_readers_go_on(sqlite: Instance) -> None:
    with closing(connect(str(sqlite.database.url.database), timeout=0)) as rival, sqlite.work() as writer:
        writer.db.execute(text("SELECT 1"))

        with pytest.raises(SqliteError, match="database is locked"):
            rival.execute("BEGIN IMMEDIATE")
        assert rival.execute("SELECT count(*) FROM used").fetchone() == (0,)


def test_on_sqlite_a_reader_holds_nobody_up(sqlite: Instance) -> None:
    with closing(connect(str(sqlite.database.url.database), timeout=0)) as rival, sqlite.work(write=False) as reader:
        reader.db.execute(text("SELECT count(*) FROM used"))

        rival.execute("BEGIN IMMEDIATE")
        rival.rollback()


def test_on_sqlite_foreign_keys_are_kept_and_commits_reach_the_disk(sqlite: Instance) -> None:
    with sqlite.work() as work:
        found = {
            name: work.db.scalar(text(f"PRAGMA {name}")) for name in ("foreign_keys", "journal_mode", "synchronous")
        }

    assert found == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}


def test_a_closed_database_opens_again_by_itself(instance: Instance) -> None:
    instance.database.close()

    with instance.work() as work:
        assert work.db.scalar(text("SELECT 1")) == 1


def test_the_text_of_an_error_holds_no_value_of_a_statement(instance: Instance) -> None:
    with instance.work() as work, pytest.raises(StatementError) as caught:
        work.db.execute(text("SELECT nothing FROM nowhere WHERE email = :email"), {"email": "ada@example.org"})
    assert "ada@example.org" not in str(caught.value)
