"""What every build backend that people use makes is taken, and served as it was made."""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.clients.builders import BACKENDS, Backend, built_by
from tests.clients.tools import Index, Project, twine
from tests.journeys.clients import succeed

pytestmark = [pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"]), pytest.mark.xdist_group("clients")]


def members(project: Project) -> tuple[set[str], set[str]]:
    """The names in its wheel and in its sdist."""
    wheel, sdist = project.dist
    with zipfile.ZipFile(wheel) as held, tarfile.open(sdist) as packed:
        return set(held.namelist()), set(packed.getnames())


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_its_wheel_and_its_sdist_are_taken_and_served_as_they_were_made(
    index: Index, folder: Path, backend: Backend
) -> None:
    project = built_by(backend, folder)
    top = f"{backend.package}-{project.version}"
    in_wheel, in_sdist = members(project)
    # What this project is there for: licenses, a name beyond ASCII and files for other folders stand in the archives.
    licenses = {f"{top}.dist-info/licenses/LICENSE", f"{top}.dist-info/licenses/licenses/others.txt"}
    data = {f"{top}.data/data/share/greetings/morning.txt"} if backend.data else set()
    assert in_wheel >= {f"{backend.package}/grüße.txt", *licenses, *data}
    assert in_sdist >= {f"{top}/src/{backend.package}/grüße.txt", f"{top}/LICENSE", f"{top}/PKG-INFO"}
    succeed(twine(index, index.token, project))
    assert index.files(project.name) == project.hashes()
    served = {name: hashlib.sha256(content).hexdigest() for name, content in index.contents(project.name).items()}
    assert served == project.hashes()
