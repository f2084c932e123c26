"""A private index, and somebody who comes to it."""

from __future__ import annotations

import pytest

from portal.app import Application
from portal.kernel.work import Instance
from tests.index.shelf import add_file
from tests.support.instances import Bed
from tests.support.site import Site


@pytest.fixture
def private(bed: Bed) -> Application:
    """The application as its members read it."""
    return bed.assemble(reading="members")


@pytest.fixture
def stranger(private: Application) -> Site:
    """Somebody who is not signed in."""
    return Site(private)


@pytest.fixture
def file(instance: Instance) -> str:
    """The path of a file with metadata that is on the index."""
    return add_file(instance, metadata=b"Metadata-Version: 2.1\n").path
