"""The upload tools, each told of index, user and token in its own way."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from urllib.request import urlopen

from tests.journeys.clients import run, succeed
from tests.support.serving import PATIENCE_SECONDS, Doorward

BIN = Path(sys.prefix) / "clients" / "bin"
PYPROJECT = """\
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"

[project]
name = "{name}"
version = "{version}"
description = "Says good morning"
requires-python = ">=3.8"
dependencies = []
"""

Done = subprocess.CompletedProcess[str]


def fetched(url: str) -> bytes:
    """What lies at an address."""
    with urlopen(url, timeout=PATIENCE_SECONDS) as answer:
        return bytes(answer.read())


@dataclass(frozen=True)
class Index:
    """A running instance, a token for everything, and the user name that the tools send with it."""

    doorward: Doorward
    token: str
    user: str = "__token__"

    @property
    def upload_url(self) -> str:
        """Where files are sent."""
        return f"{self.doorward.url}/legacy/"

    @property
    def simple_url(self) -> str:
        """Where installers look."""
        return f"{self.doorward.url}/simple/"

    def files(self, name: str) -> dict[str, str]:
        """Name and SHA-256 of the files of a project."""
        return {file["filename"]: file["hashes"]["sha256"] for file in self._listed(name)}

    def contents(self, name: str) -> dict[str, bytes]:
        """Name and content of the files of a project, fetched from where the index says they are."""
        page = f"{self.simple_url}{name}/"
        return {file["filename"]: fetched(urljoin(page, file["url"])) for file in self._listed(name)}

    def _listed(self, name: str) -> list[dict[str, Any]]:
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        status, _headers, body = self.doorward.request("GET", f"/simple/{name}/", **accept)
        return json.loads(body)["files"] if status == 200 else []


@dataclass(frozen=True)
class Project:
    """A small project on the disk, built."""

    folder: Path
    name: str
    version: str

    @property
    def dist(self) -> list[Path]:
        """Its wheel and its sdist."""
        return sorted((self.folder / "dist").iterdir())

    def hashes(self) -> dict[str, str]:
        """Name and SHA-256 of both."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.dist}


def make_project(folder: Path, name: str, version: str = "1.0", extra: str = "", *, megabytes: int = 0) -> Project:
    """A project with one module, its wheel and its sdist; as large as is wished, and not to be packed smaller."""
    (folder / "pyproject.toml").write_text(PYPROJECT.format(name=name, version=version) + extra)
    noise = random.Random(1).randbytes(megabytes * 512 * 1024).hex()
    (folder / f"{name.replace('-', '_')}.py").write_text(f'GREETING = "Good morning from {name}"\nNOISE = "{noise}"\n')
    succeed(tool("flit", "build", "--no-use-vcs", cwd=folder, FLIT_NO_NETWORK="1"))
    return Project(folder, name, version)


def tool(name: str, *arguments: str | Path, cwd: Path, **settings: str) -> Done:
    """Run a tool of their environment."""
    return run(BIN / name, *arguments, cwd=cwd, PATH=f"{BIN}:/usr/bin:/bin", **settings)


def shown(done: Done) -> str:
    """All that a tool printed, on one line: some break lines where they like."""
    return " ".join((done.stdout + done.stderr).split())


def twine(index: Index, token: str, project: Project, *options: str) -> Done:
    settings = {"TWINE_REPOSITORY_URL": index.upload_url, "TWINE_USERNAME": index.user, "TWINE_PASSWORD": token}
    return tool("twine", "upload", "--non-interactive", *options, *project.dist, cwd=project.folder, **settings)


def flit(index: Index, token: str, project: Project, *options: str) -> Done:
    settings = {"FLIT_INDEX_URL": index.upload_url, "FLIT_USERNAME": index.user, "FLIT_PASSWORD": token}
    words = ("publish", "--no-use-vcs", *options)
    return tool("flit", *words, cwd=project.folder, FLIT_NO_NETWORK="1", SOURCE_DATE_EPOCH="1700000000", **settings)


def hatch(index: Index, token: str, project: Project, *options: str) -> Done:
    settings = {"HATCH_INDEX_REPO": index.upload_url, "HATCH_INDEX_USER": index.user, "HATCH_INDEX_AUTH": token}
    return tool("hatch", "publish", "--no-prompt", *options, cwd=project.folder, **settings)


def uv(index: Index, token: str, project: Project, *options: str) -> Done:
    settings = {"UV_PUBLISH_URL": index.upload_url, "UV_PUBLISH_USERNAME": index.user, "UV_PUBLISH_PASSWORD": token}
    words = ("publish", "--trusted-publishing", "never", *options, *project.dist)
    return tool("uv", *words, cwd=project.folder, **settings)


def poetry(index: Index, token: str, project: Project, *options: str) -> Done:
    settings = {
        "POETRY_REPOSITORIES_PRIV_URL": index.upload_url,
        "POETRY_HTTP_BASIC_PRIV_USERNAME": index.user,
        "POETRY_HTTP_BASIC_PRIV_PASSWORD": token,
    }
    return tool("poetry", "publish", "-n", "-r", "priv", *options, cwd=project.folder, **settings)


def pdm(index: Index, token: str, project: Project, *options: str) -> Done:
    settings = {"PDM_PUBLISH_REPO": index.upload_url, "PDM_PUBLISH_USERNAME": index.user, "PDM_PUBLISH_PASSWORD": token}
    return tool("pdm", "publish", "--no-build", *options, cwd=project.folder, PDM_CHECK_UPDATE="0", **settings)


PUBLISH: dict[str, Callable[..., Done]] = {
    "twine": twine,
    "flit": flit,
    "hatch": hatch,
    "uv": uv,
    "poetry": poetry,
    "pdm": pdm,
}
