"""Uploading where something was deleted, or is being withdrawn."""

from __future__ import annotations

import pytest

from portal.projects import service as projects
from portal.projects.releases import service as shelf
from portal.uploads import errors, flaws
from tests.uploads.artefacts import Artefact, metadata, sdist, wheel
from tests.uploads.conftest import Uploader


def test_a_deleted_file_does_not_come_back_but_the_release_takes_others(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    assert uploader.send(sdist()).new
    with uploader.instance.work() as work:
        project = projects.find(work, "demo")
        release = shelf.find_release(work, project, "1.0.0")
        file = shelf.find_file(work, release, "demo-1.0.tar.gz")
        shelf.delete_file(work, project, file, by=uploader.account_id)
    assert uploader.send(sdist()).code == flaws.FILE_DELETED.code
    assert uploader.send(wheel().called("demo-1.0-2-py3-none-any.whl")).code == flaws.SAME_CONTENT.code
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]


def test_a_deleted_release_can_be_made_again_of_other_files(uploader: Uploader) -> None:
    assert uploader.send(sdist()).new
    with uploader.instance.work() as work:
        project = projects.find(work, "demo")
        shelf.delete_release(work, project, shelf.find_release(work, project, "1.0"), by=uploader.account_id)
    assert uploader.send(sdist()).code == flaws.FILE_DELETED.code
    assert uploader.send(wheel()).new


def test_a_deleted_project_is_nobodys_ever_again(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        shelf.delete_project(work, projects.find(work, "demo"), by=uploader.account_id)
    assert (uploader.projects(), uploader.filenames()) == ([], [])
    assert uploader.send(wheel()).code == errors.NAME_DELETED.code
    assert uploader.send(wheel("DEMO", "2.0")).code == errors.NAME_DELETED.code
    for name in ("dem-o", "dem0", "D.E.M.O"):
        assert uploader.send(wheel(name, "2.0")).code == errors.NAME_ALIKE.code
    assert uploader.send(wheel("demos", "2.0")).new


def test_what_a_project_held_is_kept_from_no_other(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        shelf.delete_project(work, projects.find(work, "demo"), by=uploader.account_id)
    assert uploader.send(wheel("other")).new


SPELLINGS = [
    wheel("demo", "1.0", demo__evil_py="").called("demo-1.0-py3.py2-none-any.whl"),
    wheel("demo", "1.0", demo__evil_py="").called("demo-1.0-py2.py3.py3-none-any.whl"),
    wheel("demo", "1.0.0").called("demo-1.0.0-py2.py3-none-any.whl"),
    wheel("Demo", "1", demo__evil_py="").called("demo-1-py2.py3-none-any.whl"),
]


@pytest.mark.parametrize("again", SPELLINGS, ids=lambda artefact: artefact.filename)
def test_a_file_is_the_same_in_every_spelling_of_its_name(uploader: Uploader, again: Artefact) -> None:
    assert uploader.send(wheel().called("demo-1.0-py2.py3-none-any.whl")).new
    assert uploader.send(again).code == flaws.FILE_EXISTS.code
    with uploader.instance.work() as work:
        project = projects.find(work, "demo")
        shelf.delete_release(work, project, shelf.find_release(work, project, "1.0"), by=uploader.account_id)
    assert uploader.send(again).code == flaws.FILE_DELETED.code
    assert uploader.send(wheel().called("demo-1.0-1-py2.py3-none-any.whl")).new


def test_a_deleted_sdist_does_not_come_back_as_another_spelling_of_its_version(uploader: Uploader) -> None:
    assert uploader.send(sdist()).new
    with uploader.instance.work() as work:
        project = projects.find(work, "demo")
        shelf.delete_release(work, project, shelf.find_release(work, project, "1.0"), by=uploader.account_id)
    assert uploader.send(sdist("demo", "1.0.0")).code == flaws.FILE_DELETED.code
    assert uploader.send(sdist("demo", "1.0.1")).new


def test_the_build_number_has_several_spellings_too(uploader: Uploader) -> None:
    assert uploader.send(wheel().called("demo-1.0-1-py3-none-any.whl")).new
    other = wheel(demo__other_py="").called("demo-1.0-01-py3-none-any.whl")
    assert uploader.send(other).code == flaws.FILE_EXISTS.code


def test_the_version_in_the_name_is_the_one_inside_and_not_the_form_s(uploader: Uploader) -> None:
    inside = metadata("demo", "1.0.0")
    assert uploader.send(wheel(inside=inside)).code == flaws.FILENAME_DIFFERS.code
