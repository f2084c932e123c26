"""A real `doorward serve` process, shared by the tests of a file, and one of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.serving import CHEAP_HASHES, Doorward


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doorward]:
    """A running instance."""
    made = Doorward(tmp_path_factory.mktemp("server"), **CHEAP_HASHES)
    yield made.start()
    made.close()


@pytest.fixture
def doorward(tmp_path: Path) -> Iterator[Doorward]:
    """An instance of the test's own, not yet started."""
    made = Doorward(tmp_path, **CHEAP_HASHES)
    yield made
    made.close()
