"""A real server, a recorder in front of it, a real package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.clients import Package, build_package
from tests.journeys.recorder import Recorder
from tests.journeys.timed import TimedDoorward
from tests.support.serving import Doorward, free_port


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A wheel and a source distribution of version 1.0."""
    return build_package(tmp_path_factory.mktemp("package"))


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A recording proxy; people and programs reach Doorward through it."""
    with Recorder(listen=free_port(), upstream=free_port()) as running:
        yield running


@pytest.fixture
def doorward(tmp_path: Path, recorder: Recorder) -> Iterator[Doorward]:
    """A fresh instance, as it is for a newcomer, behind the recorder."""
    made = Doorward(tmp_path, port=recorder.upstream, public_port=recorder.listen)
    yield made.start()
    made.close()


@pytest.fixture
def timed(tmp_path: Path, recorder: Recorder) -> Iterator[TimedDoorward]:
    """A fresh instance behind the recorder, on which time passes when the test says so."""
    made = TimedDoorward(tmp_path, port=recorder.upstream, public_port=recorder.listen)
    yield made.start()
    made.close()
