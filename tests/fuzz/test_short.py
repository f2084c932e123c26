"""A short round with a fixed seed, and everything in the corpus once more. The long one is `make fuzz`."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.archives import CORPUS, TAKEN, outcome, seeds
from tests.fuzz.changes import mutants
from tests.fuzz.dice import Dice
from tests.fuzz.readers import Disagreement, compare, compare_with_tar, ours
from tests.fuzz.sdists import sdist as any_sdist
from tests.fuzz.wheels import wheel as any_wheel
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
    compare_with_tar(path, *ours(path, "sdist"))
    for seen, contents in (({}, b""), (ours(path, "sdist")[0], b"other")):
        with pytest.raises(Disagreement):
            compare_with_tar(path, seen, contents)


@pytest.mark.parametrize(("kind", "made"), [("whl", any_wheel), ("sdist", any_sdist)])
def test_most_archives_that_are_made_are_taken_and_so_compared(
    tmp_path: Path, kind: str, made: Callable[[Dice], bytes]
) -> None:
    codes = []
    for number in range(60):
        (tmp_path / "made").write_bytes(made(Dice(number)))
        codes.append(outcome(tmp_path / "made", kind))
    assert codes.count(TAKEN) > 30


@seed(2026)
@settings(
    max_examples=150,
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
