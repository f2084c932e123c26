"""A short round with a fixed seed, and everything in the corpus once more. The long one is `make fuzz`."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.archives import CORPUS, TAKEN, Disagreement, compare, compare_with_tar, outcome, seeds
from tests.fuzz.changes import mutants
from tests.uploads.artefacts import sdist, wheel

MEMORY = 16 * 1024 * 1024


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_an_archive_of_the_corpus_is_answered_as_before(path: Path) -> None:
    kind, _, code = path.name.partition(".")[0].partition("-")
    assert outcome(path, kind) == code


def test_the_seeds_are_good_archives(tmp_path: Path) -> None:
    for kind, contents in seeds().items():
        answers = set()
        for content in contents:
            (tmp_path / "seed").write_bytes(content)
            answers.add(outcome(tmp_path / "seed", kind))
        assert TAKEN in answers


def test_a_reader_that_finds_other_files_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.write_bytes(wheel().content)
    with pytest.raises(Disagreement):
        compare(path, "whl", type("Wrong", (), {"files": ["other"], "metadata": b""})())


def test_gnu_tar_is_a_reader_that_finds_other_files(tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.write_bytes(sdist().content)
    compare_with_tar(path)
    for name in ("symlink-with-size", "long-name-and-pax"):
        path.write_bytes((CORPUS / f"sdist-archive.{name}.sdist").read_bytes())
        with pytest.raises(Disagreement):
            compare_with_tar(path)


@seed(2026)
@settings(
    max_examples=400,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(mutant=mutants(seeds()))
def test_whatever_comes_in_is_answered_with_a_reason_in_little_memory(
    tmp_path: Path, mutant: tuple[str, bytes]
) -> None:
    kind, content = mutant
    path = tmp_path / "mutant"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        assert outcome(path, kind)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
