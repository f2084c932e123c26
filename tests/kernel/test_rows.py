"""One row, read past the ORM."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread

from sqlalchemy import bindparam, select, update

from portal.kernel.once import Used
from portal.kernel.rows import PreparedRow
from portal.kernel.work import Instance

SELECT = select(Used.until).where(Used.id == bindparam("id"))
MORE_THAN_THE_POOL_HAS = 70


def keep(instance: Instance) -> None:
    with instance.work() as work:
        work.db.add(Used(id="here", until=work.now))


def test_what_was_committed_meanwhile_is_read(instance: Instance) -> None:
    row = PreparedRow(instance.database, SELECT)
    assert row.read(id="here") is None
    keep(instance)
    now = instance.clock.now()
    assert row.read(id="here") == (now,)
    with instance.work() as work:
        work.db.execute(update(Used).values(until=now + timedelta(hours=1)))
        assert row.read(id="here") == (now,)
    assert row.read(id="here") == (now + timedelta(hours=1),)


def test_whoever_has_read_holds_no_writer_up_and_keeps_no_old_state(instance: Instance) -> None:
    row = PreparedRow(instance.database, SELECT)
    keep(instance)
    row.read(id="here")
    with instance.work() as work:
        work.db.execute(Used.__table__.delete())
    assert row.read(id="here") is None


def test_threads_that_come_and_go_use_nothing_up(instance: Instance) -> None:
    row = PreparedRow(instance.database, SELECT)
    keep(instance)
    found: list[object] = []
    for _number in range(MORE_THAN_THE_POOL_HAS):
        reader = Thread(target=lambda: found.append(row.read(id="here")))
        reader.start()
        reader.join()
    assert found == [(instance.clock.now(),)] * MORE_THAN_THE_POOL_HAS
    keep_other = PreparedRow(instance.database, SELECT)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _number: keep_other.read(id="here"), range(20))) == {(instance.clock.now(),)}


def test_a_closed_database_is_read_again(instance: Instance) -> None:
    row = PreparedRow(instance.database, SELECT)
    keep(instance)
    row.read(id="here")
    instance.database.close()
    assert row.read(id="here") == (instance.clock.now(),)
