"""A real server, somebody with a token, and the upload tools in their own environment (`make test` installs it)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.tools import BIN, Index
from tests.server.uploading import beside, make_token
from tests.support.serving import CHEAP_HASHES, Doorward


@pytest.fixture(scope="package")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A running instance, and a token for everything."""
    if not (BIN / "twine").exists():
        pytest.fail("The upload tools are missing: run `make .venv/made/clients`", pytrace=False)
    doorward = Doorward(tmp_path_factory.mktemp("index"), **CHEAP_HASHES).start()
    instance = beside(doorward)
    yield Index(doorward, make_token(instance))
    instance.database.close()
    doorward.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a tool works."""
    return tmp_path
