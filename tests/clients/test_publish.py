"""Every upload tool that people use publishes, repeats itself without failing where it can, and shows our refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients.tools import PUBLISH, Done, Index, make_project, pdm, poetry, twine, uv
from tests.journeys.clients import succeed

pytestmark = [pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"]), pytest.mark.xdist_group("clients")]

WRONG = "pypi-AgEJbG9jYWxob3N0AgR3cm9uZwAABiA"
MORE_WORDS = {"pdm": ["-vv"]}
"""pdm says no more than the number of the status unless it is asked to."""
USER_NAME = 'The user name "ada" can'
REFUSAL = "This is not a token of this index."


def shown(done: Done) -> str:
    """All that the tool printed, on one line: some break lines where they like."""
    return " ".join((done.stdout + done.stderr).split())


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


@pytest.mark.parametrize(
    ("publish", "option"), [(poetry, "--skip-existing"), (pdm, "--skip-existing"), (uv, "--check-url")]
)
def test_publishing_again_with_other_content_is_skipped_when_it_is_asked_to(
    index: Index, folder: Path, publish: object, option: str
) -> None:
    name = f"again-by-{publish.__name__}"
    project = make_project(folder, name)
    succeed(publish(index, index.token, project))
    before = index.files(name)
    more = [option, index.simple_url] if option == "--check-url" else [option]
    if option == "--skip-existing":
        (folder / "README").write_text("Changed.")
        (folder / f"{name.replace('-', '_')}.py").write_text("# changed\n__version__ = '1'\n")
        make_project(folder, name, extra='readme = {text = "Changed.", content-type = "text/plain"}\n')
    succeed(publish(index, index.token, project, *more))
    assert index.files(name) == before


def test_twine_skips_nothing_here_by_its_own_decision(index: Index, folder: Path) -> None:
    project = make_project(folder, "again-by-twine")
    done = twine(index, index.token, project, "--skip-existing")
    # docs/uploading.md says so; the day it works, that page is wrong.
    assert done.returncode != 0
    assert index.files(project.name) == {}
