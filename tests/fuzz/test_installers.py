"""pip and uv are asked what they make of an archive: what they find where we find it, and that a difference is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.uploads.metadata import Described
from tests.fuzz.archives import CORPUS, answer
from tests.fuzz.asking import Installers
from tests.fuzz.readers import Disagreement, compare_with_installers
from tests.uploads.artefacts import Artefact, metadata, sdist, wheel, wheel_members, zipped_wheel

GOOD = sorted(path for path in CORPUS.iterdir() if "-taken." in path.name)


@pytest.fixture(scope="module")
def installers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installers]:
    """pip and uv."""
    found = Installers(tmp_path_factory.mktemp("installers"))
    yield found
    found.close()


def described(path: Path, kind: str) -> Described:
    """What a good archive says of itself."""
    found = answer(path, kind)
    assert isinstance(found, Described)
    return found


def ask(installers: Installers, path: Path, kind: str, told: Described) -> None:
    """Have pip and uv look at an archive. Raises Disagreement."""
    answers = installers.ask(kind, path.read_bytes())
    # uv knows no archives from before POSIX.
    refused = ["uv"] if "old-folder" in path.name else []
    assert [reader for reader, found in answers.items() if isinstance(found, str)] == refused
    compare_with_installers(path, kind, told, answers)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_what_is_taken_is_installed_alike(installers: Installers, path: Path) -> None:
    kind = path.suffix[1:]
    ask(installers, path, kind, described(path, kind))


def test_another_place_of_a_file_is_noticed(installers: Installers, tmp_path: Path) -> None:
    path = tmp_path / "good"
    path.write_bytes(wheel().content)
    told = described(path, "whl")
    path.write_bytes(zipped_wheel({**wheel_members(), "other-1.0.data/purelib/x.py": "x"}))
    with pytest.raises(Disagreement, match="uv"):
        ask(installers, path, "whl", told)


@pytest.mark.parametrize("artefact", [wheel(), sdist()], ids=["whl", "sdist"])
def test_a_file_that_is_not_installed_is_noticed(installers: Installers, tmp_path: Path, artefact: Artefact) -> None:
    path, kind = tmp_path / "good", "whl" if artefact.filename.endswith(".whl") else "sdist"
    path.write_bytes(artefact.content)
    told, answers = described(path, kind), installers.ask(kind, artefact.content)
    missing = next(name for name in answers["pip"][0] if name.endswith(("__init__.py", "pyproject.toml")))
    del answers["pip"][0][missing]
    with pytest.raises(Disagreement, match=missing):
        compare_with_installers(path, kind, told, answers)


def test_other_metadata_is_noticed(installers: Installers, tmp_path: Path) -> None:
    path = tmp_path / "good"
    path.write_bytes(wheel().content)
    told = described(path, "whl")
    path.write_bytes(wheel(inside=metadata("demo", "1.0", "Requires-Dist: other")).content)
    with pytest.raises(Disagreement, match="other"):
        ask(installers, path, "whl", told)
