"""The assembled application, looked at from outside; nothing here opens a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from portal.app import assemble
from portal.kernel.settings import Settings


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Pyramid's registry of the whole application."""
    application = assemble(Settings(data=tmp_path_factory.mktemp("structure")))
    yield application.wsgi.registry
    application.instance.database.close()
