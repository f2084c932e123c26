"""Every upload tool that people use publishes, repeats itself without failing where it can, and shows our refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.tools import PUBLISH, Done, Index, Project, make_project, pdm, poetry, shown, twine, uv
from tests.journeys.clients import succeed

pytestmark = [pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"]), pytest.mark.xdist_group("clients")]

WRONG = "pypi-AgEJbG9jYWxob3N0AgR3cm9uZwAABiA"
MORE_WORDS = {"pdm": ["-vv"]}
"""pdm says no more than the number of the status unless it is asked to."""
USER_NAME = 'The user name "ada" can'
REFUSAL = "This is not a token of this index."


@pytest.mark.parametrize("name", PUBLISH)
def test_it_publishes_a_wheel_and_an_sdist(index: Index, folder: Path, name: str) -> None:
    project = make_project(folder, f"greeting-by-{name}")
    succeed(PUBLISH[name](index, index.token, project))
    assert index.files(project.name) == project.hashes()


@pytest.mark.parametrize("name", PUBLISH)
def test_with_a_wrong_token_it_fails_and_shows_why(index: Index, folder: Path, name: str) -> None:
    project = make_project(folder, f"never-by-{name}")
    done = PUBLISH[name](index, WRONG, project, *MORE_WORDS.get(name, ()))
    assert done.returncode != 0
    assert REFUSAL in shown(done)
    assert index.files(project.name) == {}


@pytest.mark.parametrize("name", PUBLISH)
def test_another_user_name_is_refused_while_the_tool_still_sends_and_it_shows_why(
    index: Index, folder: Path, name: str
) -> None:
    project = make_project(folder, f"neither-by-{name}", megabytes=2)
    done = PUBLISH[name](replace(index, user="ada"), index.token, project, *MORE_WORDS.get(name, ()))
    assert done.returncode != 0
    assert USER_NAME in shown(done).replace("\u201c", '"').replace("\u201d", '"')
    assert index.files(project.name) == {}


def changed(folder: Path, name: str) -> Project:
    """The same version of a project with other content, built again."""
    return make_project(folder, name, extra='readme = {text = "Changed.", content-type = "text/plain"}\n')


@pytest.mark.parametrize("publish", [poetry, pdm], ids=["poetry", "pdm"])
def test_other_content_under_the_same_version_fails_unless_it_is_to_be_skipped(
    index: Index, folder: Path, publish: Callable[..., Done]
) -> None:
    name = f"again-by-{publish.__name__}"
    project = make_project(folder, name)
    succeed(publish(index, index.token, project))
    before = index.files(name)
    assert before == project.hashes()
    other = changed(folder, name)
    assert not set(before.values()) & set(other.hashes().values())
    done = publish(index, index.token, other, *MORE_WORDS.get(publish.__name__, ()))
    assert done.returncode != 0
    assert "File already exists" in shown(done)
    succeed(publish(index, index.token, other, "--skip-existing"))
    assert index.files(name) == before


def test_uv_asks_the_index_what_is_there_and_sends_no_file_of_that(index: Index, folder: Path) -> None:
    name = "again-by-uv"
    project = make_project(folder, name)
    succeed(uv(index, index.token, project))
    # This token uploads nothing, so that what ends well was never sent.
    assert uv(index, WRONG, project).returncode != 0
    done = uv(index, WRONG, project, "--check-url", index.simple_url)
    succeed(done)
    assert shown(done).count("already exists, skipping") == len(project.dist)


def test_uv_refuses_to_send_other_content_than_the_index_has_by_its_hashes(index: Index, folder: Path) -> None:
    name = "other-by-uv"
    succeed(uv(index, index.token, make_project(folder, name)))
    before = index.files(name)
    other = changed(folder, name)
    done = uv(index, WRONG, other, "--check-url", index.simple_url)
    assert done.returncode != 0
    assert "Local file and index file do not match" in shown(done)
    # It has both hashes, and one of them only we could tell it.
    held = next(path.name for path in other.dist if path.name in shown(done))
    assert before[held] in shown(done)
    assert other.hashes()[held] in shown(done)
    assert index.files(name) == before


def test_twine_skips_nothing_here_by_its_own_decision(index: Index, folder: Path) -> None:
    project = make_project(folder, "again-by-twine")
    done = twine(index, index.token, project, "--skip-existing")
    # docs/uploading.md says so; the day it works, that page is wrong.
    assert done.returncode != 0
    assert index.files(project.name) == {}
