"""Uploads at the same instant: each file once, each project once, and no loser with an error of ours."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from portal.kernel.errors import NotFound
from portal.projects import service as projects
from portal.projects.releases import service as shelf
from portal.uploads import errors, flaws
from portal.uploads.keep import Taken
from tests.support.races import at_once
from tests.uploads.artefacts import wheel
from tests.uploads.conftest import Uploader, make_uploader

MANY = 12


def codes(outcomes: list[Any]) -> list[str]:
    """New, had, or the code of the refusal."""
    return sorted(("new" if each.new else "had") if isinstance(each, Taken) else each.code for each in outcomes)


def test_one_of_many_same_uploads_is_new_and_the_others_find_it_there(uploader: Uploader) -> None:
    outcomes = at_once(lambda: uploader.send(wheel()), MANY)
    assert codes(outcomes) == ["had"] * (MANY - 1) + ["new"]
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]
    assert [kind for kind, facts in uploader.history()].count("project.created") == 1


def test_one_of_many_contents_gets_the_name(uploader: Uploader) -> None:
    number = count()
    outcomes = at_once(lambda: uploader.send(wheel(demo__number_py=str(next(number)))), MANY)
    assert codes(outcomes) == [flaws.FILE_EXISTS.code] * (MANY - 1) + ["new"]


def test_one_content_gets_one_of_many_names(uploader: Uploader) -> None:
    assert uploader.send(wheel("demo", "0.9")).new
    number = count()
    outcomes = at_once(lambda: uploader.send(wheel().called(f"demo-1.0-{next(number)}-py3-none-any.whl")), MANY)
    assert codes(outcomes) == ["new", *[flaws.SAME_CONTENT.code] * (MANY - 1)]


def test_one_of_two_people_gets_a_new_project(uploader: Uploader) -> None:
    people = [uploader, *(make_uploader(uploader.instance, f"person{number}") for number in range(3))]
    number = count()

    def first_upload() -> Any:
        mine = next(number)
        return people[mine].send(wheel("demo", f"1.{mine}"))

    assert codes(at_once(first_upload, len(people))) == ["new", "no-role", "no-role", "no-role"]
    with uploader.instance.work(write=False) as work:
        project = projects.find(work, "demo")
        assert len(projects.members(work, project.id)) == 1
        assert len(projects.releases(work, project.id)) == 1


def test_many_releases_of_one_project_are_all_taken(uploader: Uploader) -> None:
    number = count()
    outcomes = at_once(lambda: uploader.send(wheel("demo", f"1.{next(number)}")), MANY)
    assert codes(outcomes) == ["new"] * MANY
    assert len(uploader.filenames()) == MANY


def test_uploads_beside_the_deletion_of_their_release_or_project_get_an_answer(uploader: Uploader) -> None:
    assert uploader.send(wheel("demo", "1.0")).new
    number = count()

    def one_of_all() -> Any:
        mine = next(number)
        if mine != MANY // 2:
            return uploader.send(wheel("demo", "1.0", demo__n_py=str(mine)).called(f"demo-1.0-{mine}-py3-none-any.whl"))
        with uploader.instance.work() as work:
            project = projects.find(work, "demo")
            shelf.delete_release(work, project, shelf.find_release(work, project, "1.0"), by=uploader.account_id)
        return Taken("", new=False)

    # Each upload is wholly before the deletion, or wholly behind it, in a release made anew.
    assert codes(at_once(one_of_all, MANY)) == ["had", *["new"] * (MANY - 1)]

    def one_or_the_end() -> Any:
        mine = next(number)
        if mine != MANY + MANY // 2:
            return uploader.send(wheel("demo", f"2.{mine}"))
        with uploader.instance.work() as work:
            shelf.delete_project(work, projects.find(work, "demo"), by=uploader.account_id)
        return Taken("", new=False)

    assert set(codes(at_once(one_or_the_end, MANY))) <= {"had", "new", "no-role", errors.NAME_DELETED.code}
    assert uploader.filenames() == []


@pytest.mark.parametrize("round_", range(4))
def test_deleting_a_project_beside_withdrawals_of_its_releases_gets_an_answer(uploader: Uploader, round_: int) -> None:
    versions = [f"{round_}.{number}" for number in range(3)]
    for version in versions:
        assert uploader.send(wheel("demo", version)).new
    number = count()

    def change() -> str:
        mine = next(number)
        try:
            with uploader.instance.work() as work:
                project = projects.find(work, "demo")
                if mine == 0:
                    shelf.delete_project(work, project, by=uploader.account_id)
                    return "done"
                release = shelf.find_release(work, project, versions[mine % 3])
                if mine == 1:
                    shelf.delete_release(work, project, release, by=uploader.account_id)
                elif mine == 2:
                    shelf.delete_file(work, project, shelf.files_of(work, release)[0], by=uploader.account_id)
                else:
                    shelf.yank_release(work, project, release, "", by=uploader.account_id)
        except NotFound:
            return "gone"
        return "done"

    assert set(at_once(change, 8)) <= {"done", "gone"}
    assert uploader.filenames() == uploader.projects() == []
