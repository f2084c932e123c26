"""Releases that take no more files some days after their first one, where the operator wants that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.uploads.keep import Taken
from tests.support.instances import Bed
from tests.uploads.artefacts import Artefact, sdist, wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_dry_run import check

DAYS = timedelta(days=14)
SECOND = timedelta(seconds=1)


@pytest.fixture
def bounded(bed: Bed, uploader: Uploader) -> Uploader:
    """Mira, who has uploaded demo 1.0 at noon of 1 June; a release takes files for 14 days."""
    assert uploader.send(wheel()).new
    return replace(uploader, instance=bed.assemble(release_days=14).instance)


def test_up_to_the_last_second_it_takes_files(bed: Bed, bounded: Uploader) -> None:
    bed.clock.advance(DAYS - SECOND)
    assert bounded.send(sdist()).new


@pytest.mark.parametrize("late", [sdist(), sdist("demo", "1.0.0"), sdist("DEMO")], ids=["", "version", "name"])
def test_from_then_on_it_takes_none_and_says_since_when(bed: Bed, bounded: Uploader, late: Artefact) -> None:
    bed.clock.advance(DAYS)
    refusal = bounded.send(late)
    assert (refusal.code, refusal.status) == ("release-closed", 400)
    assert "was closed at 2026-06-15 12:00 UTC" in refusal.sentence.interpolate()
    assert bounded.filenames() == [wheel().filename]
    assert check(bounded, late).code == "release-closed"


def test_later_files_do_not_prolong_it(bed: Bed, bounded: Uploader) -> None:
    bed.clock.advance(DAYS - SECOND)
    assert bounded.send(sdist()).new
    bed.clock.advance(SECOND)
    assert bounded.send(wheel().called("demo-1.0-2-py3-none-any.whl")).code == "release-closed"


def test_it_is_asked_before_the_file_is_looked_into(bed: Bed, bounded: Uploader) -> None:
    bed.clock.advance(DAYS)
    assert bounded.send(sdist().holding(b"no archive")).code == "release-closed"


def test_it_is_asked_again_behind_the_lock_of_the_release(
    bed: Bed, bounded: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    bed.clock.advance(DAYS)
    monkeypatch.setattr("portal.uploads.admission._check_age_early", lambda *_given: None)
    assert bounded.send(sdist()).code == "release-closed"
    assert bounded.filenames() == [wheel().filename]


def test_a_file_that_lies_there_may_come_again_and_another_of_its_name_is_told_so(bed: Bed, bounded: Uploader) -> None:
    bed.clock.advance(DAYS)
    assert bounded.send(wheel()) == Taken(wheel().filename, new=False)
    assert bounded.send(wheel(demo__more_py="x")).code == "file-exists"


def test_another_release_and_another_project_are_open(bed: Bed, bounded: Uploader) -> None:
    bed.clock.advance(DAYS)
    assert bounded.send(wheel("demo", "1.0.1")).new
    assert bounded.send(wheel("other", "1.0")).new


@pytest.mark.parametrize("days", [0, 36500])
def test_by_default_and_with_a_bound_far_away_old_releases_take_files(bed: Bed, uploader: Uploader, days: int) -> None:
    assert uploader.send(wheel()).new
    bed.clock.advance(timedelta(days=3650))
    later: Any = replace(uploader, instance=bed.assemble(release_days=days).instance)
    assert later.send(sdist()).new
