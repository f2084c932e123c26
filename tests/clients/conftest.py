"""A real server, somebody with a token, and the upload tools in their own environment (`make test` installs it)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.kernel.work import Instance
from portal.tokens.models import DOWNLOAD
from tests.clients.tools import BIN, Index
from tests.server.uploading import beside, make_token
from tests.support.serving import CHEAP_HASHES, Doorward


@dataclass(frozen=True)
class Private:
    """A running instance that only members read: with a token that uploads, and one that downloads."""

    index: Index
    reader: str


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[tuple[Doorward, Instance]]:
    """A server with these settings, and its instance opened beside it."""
    if not (BIN / "twine").exists():
        pytest.fail("The upload tools are missing: run `make .venv/made/clients`", pytrace=False)
    doorward = Doorward(folder, **CHEAP_HASHES, **settings).start()
    instance = beside(doorward)
    try:
        yield doorward, instance
    finally:
        instance.database.close()
        doorward.close()


@pytest.fixture(scope="package")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A running instance, and a token for everything."""
    with running(tmp_path_factory.mktemp("index")) as (doorward, instance):
        yield Index(doorward, make_token(instance))


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Private]:
    """Another instance, whose `reading` is `members`."""
    with running(tmp_path_factory.mktemp("private"), DOORWARD_READING="members") as (doorward, instance):
        yield Private(Index(doorward, make_token(instance)), make_token(instance, "grace", may=DOWNLOAD))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a tool works."""
    return tmp_path
