"""A real package, and the programs people upload and install it with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = "doorward-greeting"
MODULE = "doorward_greeting"
GREETING = "Good morning"
BIN = Path(sys.executable).parent
PYPROJECT = f"""\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "{PROJECT}"
version = "1.0"
description = "Says good morning"
readme = "README.md"
requires-python = ">=3.8"

[tool.setuptools]
packages = ["{MODULE}"]
"""


@dataclass(frozen=True)
class Package:
    """What `python -m build` has made."""

    wheel: Path
    sdist: Path


def run(*command: str | Path, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a program that sees no configuration of this machine but those settings."""
    hidden = ("PIP_", "UV_", "TWINE_", "PYTHON", "DOORWARD_", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    env |= {"HOME": str(cwd), "COLUMNS": "1000", "PIP_CONFIG_FILE": os.devnull, "PYTHON_KEYRING_BACKEND": NO_KEYRING}
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=env | settings, capture_output=True, text=True, check=False)


NO_KEYRING = "keyring.backends.null.Keyring"


def succeed(done: subprocess.CompletedProcess[str]) -> str:
    """What a command printed; a failure shows all of it."""
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_package(folder: Path) -> Package:
    """A wheel and a source distribution, made by setuptools from a small project."""
    source = folder / "source"
    (source / MODULE).mkdir(parents=True)
    (source / "pyproject.toml").write_text(PYPROJECT)
    (source / "README.md").write_text("# Greeting\n\nSays *good morning*.\n")
    (source / MODULE / "__init__.py").write_text(f'GREETING = "{GREETING}"\n')
    succeed(run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", source, cwd=folder))
    return Package(next((folder / "dist").glob("*.whl")), next((folder / "dist").glob("*.tar.gz")))


def upload(url: str, token: str, files: Sequence[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """`twine upload`, as the README says it."""
    login = ["--repository-url", f"{url}/legacy/", "-u", "__token__", "-p", token, "--non-interactive"]
    return run(BIN / "twine", "upload", *login, *files, cwd=folder)


def new_environment(folder: Path) -> Path:
    """The Python of an empty virtual environment."""
    succeed(run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent))
    return folder / "bin" / "python"


def pip_install(url: str, python: Path, folder: Path) -> str:
    """`pip install` from the index alone."""
    return succeed(
        run(
            *(sys.executable, "-m", "pip", "--python", python, "install", "--no-cache-dir"),
            *("--disable-pip-version-check", "--index-url", f"{url}/simple/", PROJECT),
            cwd=folder,
        )
    )


def uv_install(url: str, python: Path, folder: Path) -> str:
    """`uv pip install` from the index alone."""
    words = ["pip", "install", "--python", python, "--no-cache", "--index-url", f"{url}/simple/", PROJECT]
    return succeed(run(BIN / "uv", *words, cwd=folder))


def greeting(python: Path, folder: Path) -> str:
    """What the installed package says."""
    return succeed(run(python, "-c", f"import {MODULE}; print({MODULE}.GREETING)", cwd=folder)).strip()
