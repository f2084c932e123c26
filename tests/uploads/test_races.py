"""Uploads at the same instant: each file once, each project once, and no loser with an error of ours."""

from __future__ import annotations

from itertools import count
from typing import Any

from portal.projects import service as projects
from portal.uploads import flaws
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
