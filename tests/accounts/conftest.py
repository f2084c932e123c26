"""An instance that has its administrator, people in it, and what happens to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.accounts.models import Setup
from portal.accounts.service import SETUP_ID
from portal.kernel.work import Instance
from tests.accounts.people import Happened, People, watching
from tests.support.clock import NOON


@pytest.fixture
def ready(instance: Instance) -> Instance:
    """The instance after its first administrator's link was used."""
    with instance.work() as work:
        work.db.merge(Setup(id=SETUP_ID, used_at=NOON))
    return instance


@pytest.fixture
def people(ready: Instance) -> People:
    """Makes accounts on a ready instance."""
    return People(ready)


@pytest.fixture
def happened(instance: Instance) -> Iterator[Happened]:
    """Every event of the test."""
    with watching(instance) as events:
        yield events
