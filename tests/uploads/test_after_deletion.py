"""Uploading where something was deleted, or is being withdrawn."""

from __future__ import annotations

from portal.projects import service as projects
from portal.projects.releases import service as shelf
from portal.uploads import errors, flaws
from tests.uploads.artefacts import sdist, wheel
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
    assert uploader.send(wheel("dem-o", "2.0")).new


def test_what_a_project_held_is_kept_from_no_other(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        shelf.delete_project(work, projects.find(work, "demo"), by=uploader.account_id)
    assert uploader.send(wheel("other")).new
