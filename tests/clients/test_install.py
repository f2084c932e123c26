"""Every installer that people use installs from the index, and pip and uv from a private one with a token for that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import Private
from tests.clients.tools import Done, Index, make_project, shown, tool, uv
from tests.journeys.clients import new_environment, run, succeed

pytestmark = [pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"]), pytest.mark.xdist_group("clients")]

NAME = "greeting-to-install"
APPLICATION = """\
[project]
name = "application"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["{name}"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "here"
url = "{url}"
priority = "primary"

[tool.pdm]
distribution = false

[[tool.pdm.source]]
name = "pypi"
url = "{url}"
verify_ssl = false
"""


@pytest.fixture(scope="module")
def published(index: Index, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Something to install."""
    succeed(uv(index, index.token, make_project(tmp_path_factory.mktemp("published"), NAME)))
    return index.simple_url


def greets(python: Path, folder: Path) -> bool:
    """Whether the package is there and works."""
    said = succeed(run(python, "-c", "import greeting_to_install; print(greeting_to_install.GREETING)", cwd=folder))
    return said.strip() == f"Good morning from {NAME}"


def test_pip(published: str, folder: Path) -> None:
    python = new_environment(folder / "env")
    words = ("--python", python, "install", "--no-cache-dir", "--index-url", published, NAME)
    succeed(tool("pip", *words, cwd=folder))
    assert greets(python, folder)


def test_uv(published: str, folder: Path) -> None:
    python = new_environment(folder / "env")
    succeed(tool("uv", "pip", "install", "--python", python, "--index-url", published, NAME, cwd=folder))
    assert greets(python, folder)


def test_poetry(published: str, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(APPLICATION.format(name=NAME, url=published))
    settings = {"POETRY_VIRTUALENVS_IN_PROJECT": "true", "POETRY_VIRTUALENVS_OPTIONS_NO_PIP": "true"}
    succeed(tool("poetry", "install", "-n", cwd=folder, **settings))
    assert greets(folder / ".venv" / "bin" / "python", folder)


def test_pdm(published: str, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(APPLICATION.format(name=NAME, url=published))
    new_environment(folder / ".venv")
    settings = {"PDM_CHECK_UPDATE": "0", "PDM_PYTHON": str(folder / ".venv" / "bin" / "python")}
    succeed(tool("pdm", "install", cwd=folder, **settings))
    assert greets(folder / ".venv" / "bin" / "python", folder)


@pytest.fixture(scope="module")
def guarded(private: Private, tmp_path_factory: pytest.TempPathFactory) -> Private:
    """Something to install for members."""
    project = make_project(tmp_path_factory.mktemp("guarded"), NAME)
    succeed(uv(private.index, private.index.token, project))
    return private


def with_token(url: str, token: str) -> str:
    """The address of an index as it is written with credentials."""
    return url.replace("://", f"://__token__:{token}@")


def by_pip(url: str, folder: Path, *more: str) -> Done:
    words = ("install", "--no-cache-dir", "--no-input", *more, "--index-url", url, NAME)
    return tool("pip", "--python", folder / "env" / "bin" / "python", *words, cwd=folder)


def by_uv(url: str, folder: Path, *more: str) -> Done:
    python = folder / "env" / "bin" / "python"
    words = ("install", "--python", python, "--no-cache", *more, "--default-index", url, NAME)
    return tool("uv", "pip", *words, cwd=folder)


INSTALLERS = pytest.mark.parametrize("install", [by_pip, by_uv], ids=["pip", "uv"])


@INSTALLERS
def test_a_private_index_is_read_with_a_token_in_its_address(
    guarded: Private, folder: Path, install: Callable[..., Done]
) -> None:
    python = new_environment(folder / "env")
    succeed(install(with_token(guarded.index.simple_url, guarded.reader), folder))
    assert greets(python, folder)


@INSTALLERS
def test_a_private_index_is_read_with_a_token_in_netrc(
    guarded: Private, folder: Path, install: Callable[..., Done]
) -> None:
    python = new_environment(folder / "env")
    # The tools see this folder as the home of their user.
    (folder / ".netrc").write_text(f"machine localhost login __token__ password {guarded.reader}\n")
    succeed(install(guarded.index.simple_url, folder))
    assert greets(python, folder)


def test_uv_reads_a_private_index_with_a_token_in_the_environment(guarded: Private, folder: Path) -> None:
    python = new_environment(folder / "env")
    words = ("install", "--python", python, "--no-cache", "--index", f"private={guarded.index.simple_url}", NAME)
    settings = {"UV_INDEX_PRIVATE_USERNAME": "__token__", "UV_INDEX_PRIVATE_PASSWORD": guarded.reader}
    succeed(tool("uv", "pip", *words, cwd=folder, **settings))
    assert greets(python, folder)


MEMBERS_ONLY = "401 Client Error: Only members read this index. Installing from it needs an API token for downloads."
FOR_UPLOADS = "403 Client Error: This API token is for uploads only."
LACKING = "could not be queried due to a lack of valid authentication credentials (401 Unauthorized)"
NOT_VALID = "returned a 403 Forbidden error. Check that the index URL is correct and the credentials are valid."


@pytest.mark.parametrize(
    ("install", "more", "unknown", "uploading"),
    # docs/private-index.md says which of them shows what.
    [(by_pip, ["-vv"], MEMBERS_ONLY, FOR_UPLOADS), (by_uv, [], LACKING, NOT_VALID)],
    ids=["pip", "uv"],
)
def test_without_a_token_or_with_one_for_uploads_nothing_is_installed_and_the_tool_shows_why(
    guarded: Private, folder: Path, install: Callable[..., Done], more: list[str], unknown: str, uploading: str
) -> None:
    new_environment(folder / "env")
    done = install(guarded.index.simple_url, folder, *more)
    assert done.returncode != 0
    assert unknown in shown(done)
    done = install(with_token(guarded.index.simple_url, guarded.index.token), folder, *more)
    assert done.returncode != 0
    assert uploading in shown(done)
