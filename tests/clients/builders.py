"""One project as each build backend that people use wants it, with everything that archives spell in different ways."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.clients.tools import Project, tool
from tests.journeys.clients import succeed

PYPROJECT = """\
[build-system]
requires = ["{backend.requirement}"]
build-backend = "{backend.module}"

[project]
name = "By.{backend.name}"
version = "1.0.0rc1"
description = "Greets – in all languages"
readme = "README.md"
license = "MIT"
license-files = ["LICENSE", "licenses/*.txt"]
requires-python = ">=3.8,<4"
dependencies = ["attrs>=20; python_version < '3.12'", "tomli[x]"]
authors = [{{name = "Zoë", email = "zoe@example.org"}}]
keywords = ["greeting", "größe"]
classifiers = ["Programming Language :: Python :: 3"]

[project.optional-dependencies]
more = ["six>=1.10"]

[project.urls]
Home = "https://example.org/"

[project.scripts]
greet-{backend.name} = "by_{backend.name}:main"

{backend.own}
"""


@dataclass(frozen=True)
class Backend:
    """A build backend (PEP 517). `own`: what it must be told beside the standard; `data`: whether a wheel of it holds
    files for other folders than that of packages."""

    name: str
    requirement: str
    module: str
    own: str = ""
    data: bool = True

    @property
    def package(self) -> str:
        """The import package of its project."""
        return f"by_{self.name}"


BACKENDS = [
    Backend(
        "hatchling",
        "hatchling",
        "hatchling.build",
        """\
[tool.hatch.build.targets.wheel]
packages = ["src/by_hatchling"]

[tool.hatch.build.targets.wheel.shared-data]
"data/share" = "share"
""",
    ),
    Backend(
        "flit_core",
        "flit_core",
        "flit_core.buildapi",
        """\
[tool.flit.module]
name = "by_flit_core"

[tool.flit.external-data]
directory = "data"
""",
    ),
    Backend(
        "poetry_core",
        "poetry-core",
        "poetry.core.masonry.api",
        """\
[tool.poetry]
packages = [{include = "by_poetry_core", from = "src"}]
""",
        data=False,
    ),
    Backend(
        "pdm_backend",
        "pdm-backend",
        "pdm.backend",
        """\
[tool.pdm.build.wheel-data]
data = [{path = "data/**/*", relative-to = "data"}]
""",
    ),
    Backend(
        "setuptools",
        "setuptools",
        "setuptools.build_meta",
        """\
[tool.setuptools.packages.find]
where = ["src"]

[tool.setuptools.package-data]
"*" = ["*.txt"]

[tool.setuptools.data-files]
"share/greetings" = ["data/share/greetings/morning.txt"]
""",
    ),
    Backend(
        "uv_build",
        "uv_build",
        "uv_build",
        """\
[tool.uv.build-backend.data]
data = "data"
""",
    ),
]
BOTH = "import {module} as backend; backend.build_sdist('dist'); backend.build_wheel('dist')"


def built_by(backend: Backend, folder: Path) -> Project:
    """The project, built by this backend alone: no front end, nothing from the network."""
    package = folder / "src" / backend.package
    texts = {
        folder / "pyproject.toml": PYPROJECT.format(backend=backend),
        folder / "README.md": "# Größe\n\nGreets.\n",
        folder / "LICENSE": "MIT\n",
        folder / "licenses" / "others.txt": "MIT as well\n",
        folder / "data" / "share" / "greetings" / "morning.txt": "Good morning\n",
        package / "__init__.py": '"""Greets."""\n\n\ndef main() -> None:\n    """Greet."""\n',
        package / "grüße.txt": "Guten Morgen\n",
        package / "py.typed": "",
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "dist").mkdir()
    succeed(tool("python", "-W", "ignore", "-c", BOTH.format(module=backend.module), cwd=folder))
    return Project(folder, f"by-{backend.name.replace('_', '-')}", "1.0.0rc1")
