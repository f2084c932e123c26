"""Every installer that people use installs from the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.tools import Index, make_project, tool, uv
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
