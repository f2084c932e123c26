"""A server that can be killed at any moment, and somebody on each journey, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.rounds import Rounds
from tests.faults.server import Mortal
from tests.support.postgres import Cluster

FAULTS = "faults"


def one_worker(database: str) -> Any:
    """The database of a test; all tests on it share one server, so one worker runs them."""
    return pytest.param(database, marks=pytest.mark.xdist_group(f"faults on {database}"))


@pytest.fixture(scope="module", params=[one_worker("sqlite"), one_worker("postgresql")])
def rounds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """Rounds with a running server that has seen each journey once, undisturbed."""
    url = ""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        with cluster.connect() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {FAULTS}")
            connection.execute(f"CREATE DATABASE {FAULTS}")
        url = cluster.url(FAULTS)
    folder = tmp_path_factory.mktemp(FAULTS)
    server = Mortal(folder, url, templates=folder.with_name("templates of faults"))
    made = Rounds(server, request.param, seed=1)
    try:
        made.begin()
        yield made
    finally:
        made.end()
