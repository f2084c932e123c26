"""The test bed: an instance on either database, a clock, a unit of work, the whole site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from portal.kernel.work import Instance, Work
from tests.support.clock import FixedClock
from tests.support.databases import PostgresDatabase, SqliteDatabase
from tests.support.instances import READER, Bed
from tests.support.postgres import Cluster
from tests.support.site import Site


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The worker's own PostgreSQL server."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def sqlite_bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    """The application on SQLite."""
    folder = tmp_path_factory.mktemp("sqlite")
    bed = Bed(SqliteDatabase(folder), folder / "data")
    yield bed
    bed.close()


@pytest.fixture(scope="session")
def postgresql_bed(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    """The application on PostgreSQL."""
    bed = Bed(PostgresDatabase(postgres), tmp_path_factory.mktemp("postgresql") / "data")
    yield bed
    bed.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bed(request: pytest.FixtureRequest) -> Bed:
    """The application as new: no row, no file, noon. Every test that uses it runs on both databases."""
    found: Bed = request.getfixturevalue(f"{request.param}_bed")
    found.renew()
    return found


@pytest.fixture
def instance(bed: Bed) -> Instance:
    """The running instance."""
    return bed.application.instance


@pytest.fixture
def clock(bed: Bed) -> FixedClock:
    """The clock of the instance: noon of the first of June 2026, UTC, until the test moves it."""
    return bed.clock


@pytest.fixture
def work(instance: Instance) -> Iterator[Work]:
    """A writing unit of work of a stranger; what is not committed is lost."""
    opened = instance.open(READER)
    yield opened
    opened.db.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives Chromium: one for the worker, because two in one thread refuse to run."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def site(bed: Bed) -> Site:
    """The whole WSGI application, in a browser that runs no script and takes cookies."""
    return Site(bed.application)
